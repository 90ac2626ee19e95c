package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestLocales: what is made for the names of locales, and which names are none.
func TestLocales(t *testing.T) {
	for name, want := range map[string]string{
		"de_DE.UTF-8":         "localedef -i de_DE -f UTF-8 de_DE.UTF-8",
		"de_DE.utf8":          "localedef -i de_DE -f UTF-8 de_DE.UTF-8",
		"de_DE":               "localedef -i de_DE -f ISO-8859-1 de_DE",
		"de_DE@euro":          "localedef -i de_DE@euro -f ISO-8859-15 de_DE@euro",
		"sr_RS.UTF-8@latin":   "localedef -i sr_RS@latin -f UTF-8 sr_RS.UTF-8@latin",
		"hi_IN":               "localedef -i hi_IN -f UTF-8 hi_IN",
		"en_US.UTF-8":         "localedef -i en_US -f UTF-8 en_US.UTF-8",
		"C":                   "",
		"C.UTF-8":             "",
		"POSIX":               "",
		"German_Germany.1252": "",
		"xx_YY.UTF-8":         "",
		"de_DE.cp1252":        "",
		"de_DE.UTF-8 evil":    "",
		"$(id)":               "",
	} {
		list := Locales(beside(t, "python", nil, nil), []fact.Fact[string]{{Value: name}, {Value: name}})
		steps, err := MakeLocales(list)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range steps {
			for _, c := range s.Run {
				got = append(got, c.String())
			}
		}
		if text := strings.Join(got, "; "); text != want || len(LocaleNeeds(beside(t, "python", nil, nil), list)) != len(list) {
			t.Errorf("%s: got %q, want %q", name, text, want)
		}
	}
}

// TestLocaleVariables: a variable of the own Dockerfile, of a container or of the settings names a locale; that of English is the images' own.
func TestLocaleVariables(t *testing.T) {
	for _, tt := range []struct{ name, own, compose, want, env, note string }{
		{name: "another language", own: "ENV LANG=fr_FR.UTF-8 LC_TIME=de_DE.UTF-8\n", want: "fr_FR.UTF-8 de_DE.UTF-8", env: "LANG=fr_FR.UTF-8 LC_TIME=de_DE.UTF-8", note: "-Duser.language=fr -Duser.country=FR)"},
		{name: "a language alone", own: "ENV LC_ALL=eo\n", want: "eo", env: "LC_ALL=eo", note: "-Duser.language=eo)"},
		{name: "English", own: "ENV LANG=en_US.UTF-8\n"},
		{name: "the images' own", own: "ENV LANG=C.UTF-8 LC_ALL=C\n"},
		{name: "no locale", own: "ENV LANGUAGE=de LANG=german\n"},
		{name: "compose", compose: "services:\n  web:\n    build: .\n    environment:\n      LC_ALL: pt_BR.UTF-8\n", want: "pt_BR.UTF-8"},
	} {
		for language, base := range bases {
			files := map[string]string{"Dockerfile": base + tt.own}
			if tt.compose != "" {
				files["compose.yaml"] = tt.compose
			}
			in := beside(t, language, files, nil)
			var got []string
			for _, l := range Locales(in, nil) {
				got = append(got, l.name)
			}
			if text := strings.Join(got, " "); text != tt.want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, language, text, tt.want)
			}
			app := prodBeside(t, in, plan.Run{})
			var env []string
			for _, e := range app.Run.Env {
				env = append(env, e.String())
			}
			want := tt.env
			if language != "python" && language != "node" {
				want = ""
			}
			if text := strings.Join(env, " "); text != want {
				t.Errorf("%s, %s: got variables %q, want %q", tt.name, language, text, want)
			}
			if n := in.Log.Notes(); language == "java" && tt.note != "" && (len(n) == 0 || !strings.Contains(n[0].Text+n[0].Hint, tt.note)) {
				t.Errorf("%s, %s: got notes %v", tt.name, language, n)
			}
		}
	}
	in := beside(t, "python", nil, nil)
	in.Settings.Env = map[string]string{"LANG": "nl_NL.UTF-8"}
	if got := Locales(in, nil); len(got) != 1 || got[0].name != "nl_NL.UTF-8" {
		t.Errorf("settings: got %v", got)
	}
}
