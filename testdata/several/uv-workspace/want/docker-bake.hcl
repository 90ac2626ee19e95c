# docker buildx bake builds all of them; with names, those alone: docker buildx bake api
group "default" {
  targets = ["api", "report"]
}

target "api" {
  context    = "."
  dockerfile = "services/api/Dockerfile"
  tags       = ["api"]
}

target "report" {
  context    = "."
  dockerfile = "services/report/Dockerfile"
  tags       = ["report"]
}
