"""登记: recording what the book in force needs and no workbook carries."""
