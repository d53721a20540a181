"""The official archives: downloaded, checked and unpacked."""
