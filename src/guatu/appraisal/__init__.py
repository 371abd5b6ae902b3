"""上级考核 (M-G8): by what we are judged from above, who answers for it, and how it stands.

Not here: how projects are judged by our own rule books (assessment). Pages that join rooms show
what it tells.
"""
