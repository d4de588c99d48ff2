"""What people bring: pictures read from files, addresses and strips of rows, and results written to files."""
