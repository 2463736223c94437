"""Steps of people in the browser, page by page; each function is one task."""
