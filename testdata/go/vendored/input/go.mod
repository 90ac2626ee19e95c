module example.com/greeter

go 1.26.0

require example.com/route v1.0.0
