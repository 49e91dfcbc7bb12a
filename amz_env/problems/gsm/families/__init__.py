"""The families of word problems, one file each."""
