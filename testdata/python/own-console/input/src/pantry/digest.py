import os

from pantry import shelf


def main():
    for name, count in sorted(shelf.read(os.environ.get("PANTRY_DIR", "/var/lib/pantry")).items()):
        print(name, count)
