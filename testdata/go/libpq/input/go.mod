module example.com/libpq

go 1.26
