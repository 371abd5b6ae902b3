"""One project: its page (项目一页纸), its picture, its figures and its timeline."""
