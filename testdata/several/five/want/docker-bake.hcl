# docker buildx bake -f docker-bake.hcl builds all of them; with names, those alone: docker buildx bake -f docker-bake.hcl admin
# Without -f it reads the compose file, too.
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
