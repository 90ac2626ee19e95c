package buildfile

import (
	"slices"
	"strings"
	"testing"
)

// TestStaged: the files of the build context that commands place or change, where they lie in the image.
func TestStaged(t *testing.T) {
	const build = "FROM golang AS build\nWORKDIR /src\nCOPY . .\n"
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"a folder that is copied": {
			build + "WORKDIR /staging\nRUN mkdir ./app && cp /src/app app/ && cp /src/config.default.yml app/config.yml && sed -i 's/a: b/a: \"-\"/' app/config.yml\nFROM scratch\nCOPY --from=build --chown=root /staging/app /opt/x\n",
			[]string{`config.default.yml > /opt/x/config.yml root (sed -i s/a: b/a: "-"/)`},
		},
		"one file":            {build + "RUN mv conf/x.toml /x.toml\nFROM scratch\nCOPY --from=0 /x.toml /etc/x/\n", []string{"conf/x.toml > /etc/x/x.toml"}},
		"its name":            {build + "RUN cp -a conf/x.toml /y.toml\nFROM scratch\nCOPY --from=build /y.toml /etc/z.toml\n", []string{"conf/x.toml > /etc/z.toml"}},
		"through two stages":  {build + "RUN cp x.json /a.json\nFROM alpine AS next\nCOPY --from=build /a.json /b.json\nRUN sed -i -e s/1/2/ /b.json\nFROM scratch\nCOPY --from=next /b.json /c.json\n", []string{"x.json > /c.json (sed -i -e s/1/2/)"}},
		"in the last":         {"FROM alpine\nCOPY a.example.ini /etc/a.example.ini\nRUN cp /etc/a.example.ini /etc/a.ini\nRUN sed -i s/1/2/ /etc/a.ini && sed -i s/3/4/ /etc/a.ini\n", []string{"a.example.ini > /etc/a.ini (sed -i s/1/2/) (sed -i s/3/4/)"}},
		"what a COPY brought": {"FROM alpine\nCOPY x.conf /etc/x.conf\nRUN sed -i s/1/2/ /etc/x.conf\n", []string{"x.conf > /etc/x.conf (sed -i s/1/2/)"}},
		"elsewhere":           {build + "RUN cp a.yml /tmp/a.yml\nFROM scratch\nCOPY --from=build /src/app /app\n", nil},
		"what is built":       {build + "RUN cp app /out/app && sed s/1/2/ x.yml > /y && sed -i s/1/2/ /etc/passwd\nFROM scratch\nCOPY --from=build /out /out\n", nil},
		"only sometimes":      {build + "RUN if [ -n \"$X\" ]; then cp a.yml /out/a.yml; fi\nFROM scratch\nCOPY --from=build /out /out\n", nil},
		"what is not known":   {build + "RUN cp \"$FILE\" /out/a.yml && cp *.yml /out/ && cp a.yml \"/$X/a.yml\" && sed -i \"s/x/$Y/\" a.yml && cp -t /out a.yml\nFROM scratch\nCOPY --from=build /out /out\n", nil},
	} {
		var got []string
		for _, x := range readText("Dockerfile", tt.text).Image.Staged {
			words := []string{x.Source, ">", x.To}
			if x.Owner != "" {
				words = append(words, x.Owner)
			}
			for _, e := range x.Edits {
				words = append(words, "("+strings.Join(e, " ")+")")
			}
			got = append(got, strings.Join(words, " "))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
	many := build + "RUN " + strings.Repeat("cp a.yml /b.yml && sed -i s/1/2/ /b.yml && ", 1000) + "true\nFROM scratch\nCOPY --from=build /b.yml /\n"
	if list := readText("Dockerfile", many).Image.Staged; len(list) > maxListed {
		t.Errorf("%d files", len(list))
	}
}

// TestEmpty: the folders and files that a stage makes with nothing in them, and a COPY brings.
func TestEmpty(t *testing.T) {
	for name, tt := range map[string]struct{ build, copy, want string }{
		"a folder of the user":          {"mkdir -p /data", "--chown=nonroot /data /store", "folder /store given"},
		"one that is given away":        {"mkdir -p out/data && chown -R 1000:1000 /src/out/data", "/src/out/data /data", "folder /data, folder /data given"},
		"of root":                       {"mkdir /data", "--chown=0:0 /data /data", "folder /data"},
		"with folders in it":            {"mkdir -p /r/data /r/cache", "--chown=5 /r /", "folder /data given, folder /cache given"},
		"with a program in it":          {"mkdir /out && go build -o=/out/app .", "--chown=5 /out /app", ""},
		"with a file in it":             {"mkdir /out && echo a > /out/b", "--chown=5 /out /app", ""},
		"with the source in it":         {"mkdir -p /src/x", "--chown=5 /src /app", ""},
		"not made":                      {"true", "--chown=5 /data /data", ""},
		"an empty file":                 {"touch /etc/keys.pem", "/etc/keys.pem /etc/x/", "file /etc/x/keys.pem"},
		"in a folder that is not known": {"cd $GOPATH/x && touch keys.pem", "/go/x/keys.pem /keys.pem", "file /keys.pem"},
		"a file that is written":        {"touch /a.txt && date > /a.txt", "/a.txt /a.txt", ""},
		"another file":                  {"touch /a.txt", "/b/a.txt /a.txt", ""},
	} {
		i := readText("Dockerfile", "FROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN "+tt.build+"\nFROM scratch\nCOPY --from=build "+tt.copy+"\n").Image
		var got []string
		for _, c := range i.Copies {
			if c.Blank {
				got = append(got, "file "+c.At())
			}
			if c.Empty != (len(i.Folders) > 0) {
				t.Errorf("%s: empty is %t, with %v", name, c.Empty, i.Folders)
			}
		}
		for _, f := range i.Folders {
			if got = append(got, "folder "+f.Value.Path); f.Value.Given {
				got[len(got)-1] += " given"
			}
		}
		slices.Sort(got)
		want := strings.Split(tt.want, ", ")
		slices.Sort(want)
		if strings.Join(slices.Compact(got), ", ") != strings.Join(want, ", ") {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
