"""One self-contained HTML page of finished runs, to send to a co-author."""
