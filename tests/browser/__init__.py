"""What people see: real pages of a real server in a real browser."""
