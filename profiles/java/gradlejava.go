package java

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/gradle"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed gradle.table
var gradleCompiled string

// gradleRows is gradle.yaml.
type gradleRows struct {
	Runs []struct {
		Gradle string `yaml:"gradle"`
		Oldest int    `yaml:"oldest"`
		Newest int    `yaml:"newest"`
	} `yaml:"runs"`
	Plugins []struct {
		Plugin string `yaml:"plugin"`
		From   string `yaml:"from"`
		Java   int    `yaml:"java"`
		Gradle string `yaml:"gradle,omitempty"`
	} `yaml:"plugins"`
	Skips []struct {
		Plugin string `yaml:"plugin"`
		Task   string `yaml:"task"`
		Needs  string `yaml:"needs"`
		Source string `yaml:"source"`
	} `yaml:"skips"`
	Vendors []struct {
		Vendor   string `yaml:"vendor"`
		Image    string `yaml:"image"`
		Tag      string `yaml:"tag"`
		Releases []int  `yaml:"releases"`
		Source   string `yaml:"source"`
	} `yaml:"vendors"`
}

// vendor is the image of a vendor's JDK, a zero Ref for none.
func (rows gradleRows) vendor(name string, release int) (plan.Ref, error) {
	for _, row := range rows.Vendors {
		ok, err := regexp.MatchString("(?i)"+row.Vendor, name)
		if err != nil {
			return plan.Ref{}, err
		}
		if ok && slices.Contains(row.Releases, release) {
			return plan.NewRef(row.Image, strings.ReplaceAll(row.Tag, "{release}", strconv.Itoa(release)))
		}
	}
	return plan.Ref{}, nil
}

var gradleTable = table.Lazy[gradleRows]("gradle.yaml", gradleCompiled) //nolint:gochecknoglobals // decoded once

// bound is the plugin of the module, by the rows of plugins, whose bound is the lowest, and that bound; "" for none.
func (rows gradleRows) bound(m *java.Project, get func(row int) string) (by gradle.Plugin, lowest string) {
	seen := map[string]bool{}
	for i, row := range rows.Plugins {
		if seen[row.Plugin] {
			continue
		}
		p := m.Gradle.Plugin(row.Plugin)
		v := p.Version.Value
		if row.Plugin == bootPlugin {
			v = bootVersion(m)
		}
		if !p.Applied() || v == "" || !atLeast(v, row.From) {
			continue
		}
		seen[row.Plugin] = true
		if x := get(i); x != "" && (lowest == "" || !atLeast(x, lowest)) {
			by, lowest = p, x
			by.Version.Value = v
		}
	}
	return by, lowest
}

// runs are the oldest and the newest Java that a release of Gradle runs on, of the newest release for "".
func (rows gradleRows) runs(release string) (oldest, newest int) {
	for _, row := range rows.Runs {
		if release == "" || atLeast(release, row.Gradle) {
			return row.Oldest, row.Newest
		}
	}
	last := rows.Runs[len(rows.Runs)-1]
	return last.Oldest, last.Newest
}

// ceiling is the newest Java with long-term support that the wrapper's Gradle, or else that of the image, and the plugins of a module work with: what counts
// where nothing names a Java.
func (rows gradleRows) ceiling(in record.Input, f *java.Facts, p *java.Project) record.Option {
	var found record.Option
	if w := f.Gradle.Wrapper; w == nil {
		img, _ := in.Know.Image("gradle") // a test keeps images.yaml right
		_, newest := rows.runs(img.Default)
		found = record.Option{Value: lts(in, newest), Rule: "the newest Java that Gradle " + img.Default + " runs on, with which most builds without a wrapper run"}
	} else if w.Version.Found() {
		_, newest := rows.runs(w.Version.Value)
		found = record.Option{Value: lts(in, newest), Pos: w.Version.Pos, Rule: "the newest Java that Gradle " + w.Version.Value + " runs on"}
	}
	by, limit := rows.bound(p, func(row int) string { return strconv.Itoa(rows.Plugins[row].Java) })
	if v := lts(in, atoi(limit)); limit != "" && (found.Value == "" || atoi(v) < atoi(found.Value)) {
		found = record.Option{Value: v, Pos: by.Pos, Rule: "the newest Java that " + by.ID + " " + by.Version.Value + " works with"}
	}
	return ceilingOf(in, found)
}

// kotlin is the newest Java with long-term support that the compiler of Kotlin works with which Maven runs: an older one ends with the number of a
// newer Java as its error. It counts where nothing names a Java.
func (rows gradleRows) kotlin(in record.Input, p *java.Project) record.Option {
	x := p.POM.Plugin("org.jetbrains.kotlin", "kotlin-maven-plugin")
	v := x.Version()
	if !x.Active || version(v.Value) == "" {
		return record.Option{}
	}
	for _, row := range rows.Plugins {
		if row.Plugin == kotlinPlugin && atLeast(v.Value, row.From) {
			return ceilingOf(in, record.Option{Value: lts(in, row.Java), Pos: v.Pos, Rule: "the newest Java that Kotlin " + v.Value + " works with"})
		}
	}
	return record.Option{}
}

// ceilingOf is an option for a Java that comes before the one of an app that names none, zero for any other.
func ceilingOf(in record.Input, o record.Option) record.Option {
	img, _ := in.Know.Image("eclipse-temurin")
	if o.Value == "" || atoi(o.Value) >= atoi(img.Default) {
		return record.Option{}
	}
	return o
}

// lts is the newest Java with long-term support up to a limit, "" for none.
func lts(in record.Input, limit int) string {
	out := ""
	for _, j := range jdks(in) {
		if j <= limit {
			out = strconv.Itoa(j)
		}
	}
	return out
}

// jdks are the releases of Java whose JDK has an image, the oldest first.
func jdks(in record.Input) []int {
	img, _ := in.Know.Image("eclipse-temurin")
	var out []int
	for _, r := range slices.Backward(img.Releases) {
		if r.LTS {
			out = append(out, atoi(r.Version))
		}
	}
	return out
}

// daemon is the Java that the repository has its Gradle run on, 0 for any. Gradle downloads a JDK where another one is there.
// https://docs.gradle.org/current/userguide/gradle_daemon.html#sec:daemon_jvm_criteria
func daemon(in record.Input, b *gradle.Build) int {
	d := atoi(b.Daemon.Value)
	if w := b.Wrapper; w == nil || !w.Version.Found() || !atLeast(w.Version.Value, "8.8") || !slices.Contains(jdks(in), d) {
		return 0
	}
	return d
}

// decideJDK picks the JDK that Gradle runs on. Where that cannot be the one that the toolchain names, the JDK of the toolchain stands
// beside it: https://docs.gradle.org/current/userguide/toolchains.html
func (b *gradleTool) decideJDK(in record.Input, rows gradleRows, m *module, v *versions) error {
	oldest, newest := rows.runs(b.release)
	want := atoi(v.java)
	tool := toolchain(m.Project)
	if tool.Value != "" {
		want = atoi(java.Major(tool.Value))
	}
	if tool.Vendor != "" && !temurin.MatchString(tool.Vendor) {
		var err error
		if b.vendor, err = rows.vendor(tool.Vendor, want); err != nil {
			return err
		}
		switch {
		case !b.vendor.IsZero():
			in.Log.Choose(plan.Choice{
				Key: "java.toolchain", Value: b.vendor.String(), Rule: "the toolchain takes a JDK of " + plan.Printable(tool.Vendor, 40) + " alone", Pos: record.At(tool.Pos),
				Link: "https://docs.gradle.org/current/userguide/toolchains.html#sec:vendors",
			})
		case b.build.Foojay.IsZero():
			return record.Refuse(tool.Pos, "the plugin org.gradle.toolchains.foojay-resolver-convention in the settings downloads it; without a vendor the image's own compiles",
				"the toolchain takes a JDK %d of %s alone, of which there is no image and which nothing downloads", want, plan.Printable(tool.Vendor, 40))
		}
	}
	run := want
	list := jdks(in)
	if !slices.Contains(list, want) && want <= newest && tool.Value != "" {
		list = append(list, want)
		slices.Sort(list)
	}
	if newest > 0 && (want < oldest || want > newest || !slices.Contains(list, want)) {
		run = 0
		for _, j := range list {
			if j >= oldest && j <= newest && (run == 0 || j <= max(want, oldest)) {
				run = j
			}
		}
	}
	why, nearest := "Gradle "+b.release+" does not run on Java "+strconv.Itoa(want), "the nearest JDK that Gradle "+b.release+" runs on"
	if d := daemon(in, b.build); d >= oldest && d <= newest && d != run && b.wrapper {
		run, nearest = d, "the JDK that gradle/gradle-daemon-jvm.properties names"
		why = nearest + " runs Gradle, not Java " + strconv.Itoa(want)
	}
	if run == 0 {
		return record.Refuse(m.Pos(), "gradle wrapper --gradle-version 8.14.3 updates it", "Gradle %s runs on no Java that has an image", plan.Printable(b.release, 40))
	}
	v.jdk = strconv.Itoa(run)
	if !b.vendor.IsZero() || run != want && tool.Value != "" {
		b.toolchain = strconv.Itoa(want)
		b.extra = append(b.extra, "-Porg.gradle.java.installations.paths="+toolchainHome+b.toolchain)
	}
	switch {
	case run == want:
	case tool.Value != "":
		in.Log.Choose(plan.Choice{Key: "java.jdk", Value: v.jdk, Rule: why + ", whose JDK compiles beside it", Pos: record.At(tool.Pos), Link: "https://docs.gradle.org/current/userguide/compatibility.html"})
	default:
		in.Log.Choose(plan.Choice{Key: "java.jdk", Value: v.jdk, Rule: nearest, Pos: record.At(m.Pos()), Link: "https://docs.gradle.org/current/userguide/compatibility.html"})
	}
	return nil
}

// toolchainHome begins the folder of a second JDK.
const toolchainHome = "/opt/jdk-"

// temurin matches the vendors that the images' own JDK is of: https://docs.gradle.org/current/javadoc/org/gradle/jvm/toolchain/JvmVendorSpec.html
var temurin = lazy.MustCompile(`(?i)adoptium|temurin|eclipse`)

// toolchain is the line of the module that names the Java of the toolchain, not found for none.
func toolchain(p *java.Project) gradle.Level {
	for _, l := range p.Gradle.Java() {
		if strings.Contains(l.By, "toolchain") && java.Major(l.Value) != "" {
			return l
		}
	}
	return gradle.Level{}
}
