"""What people do in the browser, page by page; each function is one piece of work."""
