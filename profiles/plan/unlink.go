package plan

import "reflect"

// Unlink takes --link from each COPY of an app's stages, for builders that do not know it. Its effect is on what a build reuses alone:
// https://docs.docker.com/reference/dockerfile/#copy---link.
func Unlink(app *App) {
	for _, s := range app.Image.Stages {
		unlink(reflect.ValueOf(s.Data))
	}
}

// unlink does so for all that a value holds. What slices share it sets twice, to the same.
func unlink(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			unlink(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			unlink(v.Index(i))
		}
	case reflect.Struct:
		switch x := v.Interface().(type) {
		case Artifact:
			x.NoLink = true
			v.Set(reflect.ValueOf(x))
			return
		case File:
			x.NoLink = true
			v.Set(reflect.ValueOf(x))
			return
		}
		for _, f := range reflect.VisibleFields(v.Type()) {
			if len(f.Index) == 1 && f.IsExported() {
				unlink(v.FieldByIndex(f.Index))
			}
		}
	default: // holds no COPY
	}
}
