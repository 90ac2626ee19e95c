module example.com/zlib

go 1.26
