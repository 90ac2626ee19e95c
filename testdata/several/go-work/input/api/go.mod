module example.com/shop/api

go 1.26

require (
	example.com/shop/shared v0.0.0
	github.com/go-chi/chi/v5 v5.2.3
)

replace example.com/shop/shared => ../shared
