# docker buildx bake builds all of them; with names, those alone: docker buildx bake admin
group "default" {
  targets = ["admin", "catalog", "mailer", "orders", "web"]
}

target "admin" {
  context = "admin"
  tags    = ["admin"]
}

target "catalog" {
  context = "services/catalog"
  tags    = ["catalog"]
}

target "mailer" {
  context = "services/mailer"
  tags    = ["mailer"]
}

target "orders" {
  context = "services/orders"
  tags    = ["orders"]
}

target "web" {
  context = "web"
  tags    = ["web"]
}
