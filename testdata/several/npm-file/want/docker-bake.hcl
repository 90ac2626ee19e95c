# docker buildx bake builds all of them; with names, those alone: docker buildx bake orders
group "default" {
  targets = ["orders", "stock"]
}

target "orders" {
  context    = "."
  dockerfile = "orders/Dockerfile"
  tags       = ["orders"]
}

target "stock" {
  context    = "."
  dockerfile = "stock/Dockerfile"
  tags       = ["stock"]
}
