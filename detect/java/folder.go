package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java/syntax"
)

// keyKind is what a key of the configuration says of a path.
type keyKind uint8

const (
	noFolder      keyKind = iota
	namedFile             // a framework's key of a file that the app writes to
	namedFolder           // a framework's key of such a folder
	servedFolders         // a framework's key of folders that it serves
	ownFolder             // the app's own key, whose name says that it keeps files there
)

// frameworkFolders are the keys of frameworks that name what they write to:
// https://docs.spring.io/spring-boot/appendix/application-properties/index.html,
// https://quarkus.io/guides/all-config,
// https://docs.spring.io/spring-boot/reference/features/logging.html#features.logging.file-output; and those of what is served:
// https://docs.spring.io/spring-boot/reference/web/servlet.html#web.servlet.spring-mvc.static-content.
var frameworkFolders = map[string]keyKind{ //nolint:gochecknoglobals // a constant table
	"logging.file.name": namedFile, "logging.file": namedFile, "logging.file.path": namedFolder, "logging.path": namedFolder,
	"quarkus.log.file.path": namedFile, "quarkus.http.body.uploads-directory": namedFolder, "quarkus.http.access-log.log-directory": namedFolder,
	"server.tomcat.basedir": namedFolder, "server.tomcat.accesslog.directory": noFolder, "spring.servlet.multipart.location": namedFolder,
	"server.undertow.accesslog.dir": namedFolder, "server.jetty.accesslog.filename": namedFile,
	"spring.jpa.properties.hibernate.search.backend.directory.root": namedFolder, "spring.cloud.config.server.git.basedir": namedFolder,
	"micronaut.server.multipart.location": namedFolder, "hibernate.search.backend.directory.root": namedFolder, "spring.h2.path": noFolder,
	"spring.web.resources.static-locations": servedFolders, "spring.resources.static-locations": servedFolders,
}

// frameworkKeys begin the keys of frameworks. Those that name no folder to
// write to are paths of the app's address, or files that are read.
var frameworkKeys = []string{"spring", "server", "management", "quarkus", "micronaut", "endpoints", "springdoc", "swagger", "knife4j", "eureka", "feign", "mybatis", "mybatis-plus", "pagehelper", "logging", "datasources", "datasource", "jpa", "flyway", "liquibase", "kafka", "vaadin", "camel", "dubbo", "mp", "grpc", "jhipster", "info", "smallrye"} //nolint:gochecknoglobals // a constant table

// folderWords say that a key is of a folder, keepWords that the app keeps
// files there.
var (
	folderWords = []string{"dir", "directory", "folder", "location", "path", "root", "home", "basedir", "file"}                                                                                                                                                                                                                                 //nolint:gochecknoglobals // a constant table
	keepWords   = []string{"upload", "uploads", "storage", "data", "files", "log", "logs", "cache", "output", "out", "export", "exports", "backup", "backups", "attachment", "attachments", "media", "images", "image", "work", "index", "lucene", "download", "downloads", "save", "database", "db", "store", "repo", "temp", "tmp", "avatar"} //nolint:gochecknoglobals // a constant table
)

// folderKey says what the name of a key says.
func folderKey(key string) keyKind {
	if kind, ok := frameworkFolders[key]; ok {
		return kind
	}
	top, _, _ := strings.Cut(key, ".")
	if slices.Contains(frameworkKeys, top) {
		return noFolder
	}
	words := wordsOf(key)
	folder := len(words) > 0 && slices.Contains(folderWords, words[len(words)-1])
	keep := slices.ContainsFunc(words, func(w string) bool { return slices.Contains(keepWords, w) })
	if folder && keep {
		return ownFolder
	}
	return noFolder
}

// wordsOf are the words of a key: "file.upload-dir", "fileUploadDir".
func wordsOf(key string) []string {
	var out []string
	start := 0
	flush := func(end int) {
		if end > start {
			out = append(out, strings.ToLower(key[start:end]))
		}
	}
	for i := range len(key) {
		switch c := key[i]; {
		case c == '.' || c == '-' || c == '_' || c == '[' || c == ']':
			flush(i)
			start = i + 1
		case c >= 'A' && c <= 'Z' && i > start && (key[i-1] < 'A' || key[i-1] > 'Z'):
			flush(i)
			start = i
		}
	}
	flush(len(key))
	return out
}

// folderLike reports whether the value of such a key is a path of the file
// system, and not one of an address ("/files").
func folderLike(name, key string) bool {
	switch {
	case strings.HasPrefix(name, "."), strings.HasPrefix(name, homeFolder+"/"):
		return true
	case path.IsAbs(name):
		top, _, _ := strings.Cut(name[1:], "/")
		return slices.Contains([]string{"data", "var", "opt", "srv", "mnt", "app", "home", "storage", "usr", "etc"}, top) || strings.HasSuffix(strings.ToLower(key), "dir") || strings.HasSuffix(strings.ToLower(key), "directory")
	}
	return !strings.ContainsAny(name, " :,;=&#%{}") && (strings.Contains(name, "/") || !slices.Contains(wordsOf(key), "file") && !slices.Contains(wordsOf(key), "path") || strings.HasSuffix(strings.ToLower(key), "dir"))
}

// embedded are the addresses of databases that live in a file:
// https://www.sqlite.org/uri.html, https://www.h2database.com/html/features.html#database_url,
// https://hsqldb.org/doc/2.0/guide/dbproperties-chapt.html,
// https://db.apache.org/derby/docs/10.16/devguide/cdevdvlp17453.html,
// https://duckdb.org/docs/stable/clients/java.html.
var embedded = []string{ //nolint:gochecknoglobals // a constant table
	"jdbc:sqlite:file:", "jdbc:sqlite:", "jdbc:h2:file:", "jdbc:h2:nio:", "jdbc:h2:async:", "jdbc:h2:split:", "jdbc:h2:", "jdbc:hsqldb:file:", "jdbc:derby:directory:", "jdbc:derby:", "jdbc:duckdb:",
}

// database is the file behind the address of an embedded database, which is
// known to its end if it is whole.
func database(url string, whole bool) (effect.File, bool) {
	for _, prefix := range embedded {
		name, ok := strings.CutPrefix(url, prefix)
		if !ok {
			continue
		}
		if i := strings.IndexAny(name, ";?"); i >= 0 {
			name, whole = name[:i], true
		}
		if name == "" || strings.Contains(name, ":") || strings.HasPrefix(name, "//") {
			return effect.File{}, false // :memory:, mem:test, tcp://host
		}
		x, ok := pathOf(name, whole)
		if strings.HasPrefix(prefix, "jdbc:derby:") {
			x.Dir = false // a folder that Derby makes, and wants not to be there
		}
		x.Use = effect.Write
		return x, ok
	}
	return effect.File{}, false
}

// databases adds the files of embedded databases.
func (e *effects) databases() {
	for i, t := range e.f.Tokens {
		if t.Kind != syntax.Str || !strings.HasPrefix(t.Text, "jdbc:") {
			continue
		}
		text, whole := e.fill.fill(t.Text)
		if x, ok := database(text, whole && !t.Template && !e.f.Is(i+1, "+")); ok {
			x.Pos, x.Call = e.pos(i), "jdbc"
			e.file(x)
		}
	}
}
