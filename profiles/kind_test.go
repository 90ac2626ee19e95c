package profiles

import (
	"strings"
	"testing"
)

// What no image runs is refused by the name of its kind; "" is an app. The name of a
// case says what is seen.
func TestKinds(t *testing.T) {
	for name, c := range map[string]struct {
		want  string
		files map[string]string
	}{
		"electron-start": {"an Electron app", map[string]string{
			"package.json": `{"name": "a", "main": "main.js", "scripts": {"start": "electron ."}, "devDependencies": {"electron": "^39"}}`,
			"main.js":      "const {app}=require('electron')\n",
		}},
		"electron-forge": {"an Electron app", map[string]string{
			"package.json": `{"name": "a", "main": "src/index.js", "scripts": {"start": "electron-forge start", "package": "electron-forge package"}, "devDependencies": {"electron": "^39", "@electron-forge/cli": "7"}}`,
			"src/index.js": "const {app}=require('electron')\n",
		}},
		"electron-vite": {"an Electron app", map[string]string{
			"package.json": `{"name": "a", "main": "./out/main/index.js", "scripts": {"start": "electron-vite preview", "dev": "electron-vite dev", "build": "electron-vite build"}, "devDependencies": {"electron": "^39", "electron-vite": "4", "vite": "7"}}`,
		}},
		"electron-vite-plugin": {"an Electron app", map[string]string{
			"package.json":   `{"name": "a", "main": "dist-electron/main.js", "scripts": {"dev": "vite", "build": "tsc && vite build && electron-builder", "preview": "vite preview"}, "devDependencies": {"electron": "^39", "vite": "7", "vite-plugin-electron": "0.29", "electron-builder": "26"}}`,
			"index.html":     "<script src=/src/main.ts></script>",
			"src/main.ts":    "",
			"vite.config.ts": "import {defineConfig} from 'vite'\nexport default defineConfig({})\n",
		}},
		"electron-and-web": {"", map[string]string{
			"package.json":     `{"name": "a", "main": "electron/main.js", "scripts": {"dev": "vite", "build": "vite build", "electron": "electron .", "dist": "electron-builder"}, "devDependencies": {"electron": "^39", "vite": "7", "electron-builder": "26"}}`,
			"index.html":       "<script src=/src/main.ts></script>",
			"src/main.ts":      "",
			"vite.config.ts":   "import {defineConfig} from 'vite'\nexport default defineConfig({})\n",
			"electron/main.js": "require('electron')",
		}},
		"electron-and-server": {"", map[string]string{
			"package.json": `{"name": "a", "scripts": {"start": "node server.js", "desktop": "electron ."}, "devDependencies": {"electron": "^39"}}`,
			"server.js":    "require('http').createServer((q,s)=>s.end('x')).listen(3000)\n",
		}},
		"tauri": {"a Tauri app", map[string]string{
			"package.json":              `{"name": "a", "scripts": {"dev": "vite", "build": "vite build", "preview": "vite preview", "tauri": "tauri"}, "dependencies": {"@tauri-apps/api": "2"}, "devDependencies": {"@tauri-apps/cli": "2", "vite": "7"}}`,
			"index.html":                "<script src=/src/main.ts></script>",
			"src/main.ts":               "import {invoke} from '@tauri-apps/api/core'\n",
			"src-tauri/tauri.conf.json": "{}",
			"src-tauri/Cargo.toml":      "",
			"vite.config.ts":            "import {defineConfig} from 'vite'\nexport default defineConfig({})\n",
		}},
		"nw": {"an NW.js app", map[string]string{
			"package.json": `{"name": "a", "main": "index.html", "scripts": {"start": "nw ."}, "devDependencies": {"nw": "0.90"}}`,
			"index.html":   "",
		}},
		"neutralino": {"a Neutralinojs app", map[string]string{
			"package.json":           `{"name": "a", "scripts": {"start": "neu run"}, "devDependencies": {"@neutralinojs/neu": "11"}}`,
			"neutralino.config.json": "{}",
		}},
		"rn": {"a React Native app", map[string]string{
			"package.json": `{"name": "a", "main": "index.js", "scripts": {"start": "react-native start", "android": "react-native run-android"}, "dependencies": {"react-native": "0.82", "react": "19"}}`,
			"index.js":     "import {AppRegistry} from 'react-native'\n",
			"App.js":       "",
		}},
		"expo-native": {"a native Expo app", map[string]string{
			"package.json": `{"name": "a", "main": "expo-router/entry", "scripts": {"start": "expo start", "android": "expo start --android"}, "dependencies": {"expo": "54", "react-native": "0.82"}}`,
			"app.json":     `{"expo":{}}`,
		}},
		"expo-web": {"", map[string]string{
			"package.json": `{"name": "a", "main": "expo-router/entry", "scripts": {"start": "expo start", "web": "expo start --web"}, "dependencies": {"expo": "54", "react-native": "0.82", "react-native-web": "0.21", "react-dom": "19", "react": "19"}}`,
			"app.json":     `{"expo":{"web":{"output":"static"}}}`,
		}},
		"capacitor": {"", map[string]string{
			"package.json":        `{"name": "a", "scripts": {"dev": "vite", "build": "vite build"}, "dependencies": {"@capacitor/core": "7", "@capacitor/android": "7"}, "devDependencies": {"vite": "7", "@capacitor/cli": "7"}}`,
			"capacitor.config.ts": "export default {appId:'x',webDir:'dist'}",
			"index.html":          "",
			"vite.config.ts":      "import {defineConfig} from 'vite'\nexport default defineConfig({})\n",
		}},
		"ionic-angular": {"", map[string]string{
			"package.json":      `{"name": "a", "scripts": {"start": "ng serve", "build": "ng build"}, "dependencies": {"@ionic/angular": "8", "@angular/core": "20"}, "devDependencies": {"@angular/cli": "20", "@angular/build": "20"}}`,
			"angular.json":      `{"version": 1, "projects": {"app": {"projectType": "application", "architect": {"build": {"builder": "@angular/build:application", "options": {"outputPath": "www", "browser": "src/main.ts"}}}}}}`,
			"ionic.config.json": "{}",
		}},
		"nativescript": {"a NativeScript app", map[string]string{
			"package.json":           `{"name": "a", "main": "src/app.ts", "scripts": {"start": "ns run ios"}, "dependencies": {"@nativescript/core": "8"}}`,
			"nativescript.config.ts": "",
			"src/app.ts":             "import {Application} from '@nativescript/core'\n",
		}},
		"cordova": {"a Cordova app", map[string]string{
			"package.json":   `{"name": "a", "displayName": "x", "scripts": {"test": "echo x"}, "devDependencies": {"cordova-android": "14", "cordova-ios": "7"}, "cordova": {"platforms": ["android"]}}`,
			"config.xml":     `<widget xmlns:cdv="http://cordova.apache.org/ns/1.0"/>`,
			"www/index.html": "",
		}},
		"lib-tsup": {"a library is", map[string]string{
			"package.json": `{"name": "@m/ui", "version": "1.0.0", "main": "dist/index.cjs", "module": "dist/index.js", "types": "dist/index.d.ts", "files": ["dist"], "exports": {".": {"import": "./dist/index.js", "require": "./dist/index.cjs"}}, "scripts": {"build": "tsup src/index.ts --dts"}, "devDependencies": {"tsup": "8", "typescript": "5"}}`,
			"src/index.ts": "export const a = 1\n",
		}},
		"lib-plain": {"a library is", map[string]string{
			"package.json": `{"name": "m", "version": "1.0.0", "main": "index.js", "files": ["index.js"], "scripts": {"test": "node --test"}}`,
			"index.js":     "module.exports = x => x\n",
		}},
		"lib-vite": {"makes a library", map[string]string{
			"package.json":   `{"name": "m", "version": "1.0.0", "main": "dist/m.umd.cjs", "module": "dist/m.js", "files": ["dist"], "peerDependencies": {"vue": "3"}, "scripts": {"dev": "vite", "build": "vite build"}, "devDependencies": {"vite": "7"}}`,
			"vite.config.js": "import {defineConfig} from 'vite'\nexport default defineConfig({build:{lib:{entry:'lib/main.js',name:'M'}}})\n",
			"lib/main.js":    "export const a=1",
			"index.html":     "",
		}},
		"main-only-worker": {"", map[string]string{
			"package.json": `{"name": "m", "version": "1.0.0", "main": "index.js", "license": "ISC", "dependencies": {"discord.js": "14"}}`,
			"index.js":     "const {Client}=require('discord.js');new Client({}).login('x')\n",
		}},
		"webext": {"a browser extension", map[string]string{
			"package.json":  `{"name": "m", "scripts": {"build": "webpack"}, "devDependencies": {"webpack": "5", "webpack-cli": "6"}}`,
			"manifest.json": `{"manifest_version":3,"name":"x","version":"1"}`,
			"background.js": "",
		}},
		"webext-wxt": {"a browser extension", map[string]string{
			"package.json":              `{"name": "m", "scripts": {"dev": "wxt", "build": "wxt build"}, "devDependencies": {"wxt": "0.20"}}`,
			"wxt.config.ts":             "",
			"entrypoints/background.ts": "",
		}},
		"webext-vite": {"a browser extension", map[string]string{
			"package.json":   `{"name": "m", "scripts": {"dev": "vite", "build": "vite build"}, "devDependencies": {"vite": "7", "@crxjs/vite-plugin": "2"}}`,
			"manifest.json":  `{"manifest_version":3,"name":"x","version":"1"}`,
			"index.html":     "",
			"vite.config.ts": "import {defineConfig} from 'vite'\nexport default defineConfig({})\n",
		}},
		"webext-nopkg": {"a browser extension", map[string]string{
			"manifest.json": `{"manifest_version":3,"name":"x","version":"1"}`,
			"background.js": "",
		}},
		"vscode": {"an extension of Visual Studio Code", map[string]string{
			"package.json":     `{"name": "m", "main": "./out/extension.js", "engines": {"vscode": "^1.90.0"}, "activationEvents": [], "contributes": {}, "scripts": {"compile": "tsc -p ./"}, "devDependencies": {"@types/vscode": "1", "typescript": "5"}}`,
			"src/extension.ts": "import * as vscode from 'vscode'\nexport function activate(){}\n",
			"tsconfig.json":    `{"compilerOptions":{"outDir":"out"}}`,
		}},
		"cli-bin": {"", map[string]string{
			"package.json": `{"name": "m", "version": "1.0.0", "bin": {"m": "cli.js"}, "dependencies": {"commander": "14"}}`,
			"cli.js":       "#!/usr/bin/env node\nconst {program}=require('commander');program.option('-x');program.parse()\n",
		}},
		"action": {"a GitHub action", map[string]string{
			"package.json":  `{"name": "m", "main": "lib/main.js", "scripts": {"build": "tsc", "package": "ncc build"}, "dependencies": {"@actions/core": "1"}, "devDependencies": {"typescript": "5", "@vercel/ncc": "0.38"}}`,
			"action.yml":    "name: x\nruns:\n  using: node20\n  main: dist/index.js\n",
			"dist/index.js": "",
			"src/main.ts":   "import * as core from '@actions/core'\n",
			"tsconfig.json": `{"compilerOptions":{"outDir":"lib"}}`,
		}},
		"worker-toml": {"a Cloudflare Worker", map[string]string{
			"package.json":  `{"name": "m", "scripts": {"dev": "wrangler dev", "deploy": "wrangler deploy", "start": "wrangler dev"}, "devDependencies": {"wrangler": "4"}}`,
			"wrangler.toml": "name=\"x\"\nmain=\"src/index.ts\"\n",
			"src/index.ts":  "export default {async fetch(){return new Response('x')}}\n",
		}},
		"worker-hono": {"a Cloudflare Worker", map[string]string{
			"package.json":   `{"name": "m", "scripts": {"dev": "wrangler dev", "deploy": "wrangler deploy"}, "dependencies": {"hono": "4"}, "devDependencies": {"wrangler": "4"}}`,
			"wrangler.jsonc": `{"name":"x","main":"src/index.ts"}`,
			"src/index.ts":   "import {Hono} from 'hono'\nexport default new Hono()\n",
		}},
		"worker-and-node": {"", map[string]string{
			"package.json":  `{"name": "m", "scripts": {"dev": "wrangler dev", "start": "node server.js"}, "devDependencies": {"wrangler": "4"}}`,
			"wrangler.toml": "name=\"x\"\nmain=\"src/index.ts\"\n",
			"server.js":     "require('http').createServer((q,s)=>s.end('x')).listen(3000)\n",
			"src/index.ts":  "export default {}",
		}},
		"vercel-functions": {"a set of Vercel functions", map[string]string{
			"package.json": `{"name": "m", "scripts": {"start": "vercel dev"}, "dependencies": {"@vercel/node": "5"}}`,
			"vercel.json":  "{}",
			"api/hello.js": "export default (q,s)=>s.end()",
		}},
		"vercel-functions-plain": {"a set of Vercel functions", map[string]string{
			"package.json": `{"name": "m", "dependencies": {"axios": "1"}}`,
			"vercel.json":  "{}",
			"api/hello.js": "export default (q,s)=>s.end()",
		}},
		"netlify-functions": {"a set of Netlify functions", map[string]string{
			"package.json":           `{"name": "m", "dependencies": {"@netlify/functions": "4"}}`,
			"netlify.toml":           "[functions]\ndirectory=\"netlify/functions\"\n",
			"netlify/functions/a.js": "exports.handler=async()=>({})",
		}},
		"serverless": {"a project of the Serverless Framework", map[string]string{
			"package.json":   `{"name": "m", "scripts": {"start": "serverless offline", "deploy": "serverless deploy"}, "devDependencies": {"serverless": "4", "serverless-offline": "14"}}`,
			"serverless.yml": "service: x\nprovider:\n  name: aws\nfunctions:\n  a:\n    handler: handler.a\n",
			"handler.js":     "exports.a=async()=>({})",
		}},
		"sam": {"an AWS SAM application", map[string]string{
			"package.json":  `{"name": "m", "main": "app.js", "scripts": {"test": "x"}}`,
			"template.yaml": "AWSTemplateFormatVersion: \"2010-09-09\"\nTransform: AWS::Serverless-2016-10-31\nResources: {}\n",
			"app.js":        "exports.lambdaHandler=async()=>({})",
		}},
		"lambda-plain": {"an AWS Lambda function", map[string]string{
			"package.json": `{"name": "m", "main": "index.js", "dependencies": {"@aws-sdk/client-s3": "3"}}`,
			"index.js":     "exports.handler=async(event)=>({})\n",
		}},
		"firebase": {"a project of Cloud Functions for Firebase", map[string]string{
			"package.json":  `{"name": "functions", "main": "lib/index.js", "scripts": {"build": "tsc", "serve": "firebase emulators:start --only functions", "start": "firebase functions:shell"}, "dependencies": {"firebase-functions": "6", "firebase-admin": "13"}, "devDependencies": {"typescript": "5"}}`,
			"tsconfig.json": `{"compilerOptions":{"outDir":"lib"}}`,
			"src/index.ts":  "import {onRequest} from 'firebase-functions/v2/https'\nexport const a=onRequest(()=>{})\n",
		}},
		"firebase-nostart": {"a project of Cloud Functions for Firebase", map[string]string{
			"package.json": `{"name": "functions", "main": "index.js", "dependencies": {"firebase-functions": "6"}}`,
			"index.js":     "const {onRequest}=require('firebase-functions/v2/https')\nexports.a=onRequest(()=>{})\n",
		}},
		"deno-json": {"a Deno program", map[string]string{
			"deno.json": `{"tasks":{"start":"deno run -A main.ts"},"imports":{"hono":"npm:hono"}}`,
			"main.ts":   "import {Hono} from 'npm:hono'\nDeno.serve(new Hono().fetch)\n",
		}},
		"deno-and-pkg": {"a Deno program", map[string]string{
			"deno.json":    `{"tasks":{"start":"deno run -A main.ts"}}`,
			"package.json": `{"name": "m", "dependencies": {"hono": "4"}}`,
			"main.ts":      "import {Hono} from 'npm:hono'\nDeno.serve(new Hono().fetch)\n",
		}},
		"deno-nojson": {"a Deno program", map[string]string{
			"package.json": `{"name": "m"}`,
			"main.ts":      "Deno.serve(()=>new Response('x'))\n",
		}},
		"bun": {"", map[string]string{
			"package.json": `{"name": "m", "scripts": {"start": "bun run src/index.ts"}}`,
			"bun.lock":     `{"lockfileVersion":1,"workspaces":{"":{"name":"m"}},"packages":{}}`,
			"src/index.ts": "Bun.serve({port:3000,fetch(){return new Response('x')}})\n",
		}},
		"storybook": {"", map[string]string{
			"package.json":           `{"name": "m", "scripts": {"storybook": "storybook dev -p 6006", "build-storybook": "storybook build"}, "devDependencies": {"storybook": "9", "@storybook/react-vite": "9", "react": "19"}}`,
			".storybook/main.ts":     "export default {}",
			"src/Button.stories.tsx": "",
		}},
		"tools-only": {"a package.json of tools", map[string]string{
			"package.json": `{"name": "m", "private": true, "scripts": {"prepare": "husky", "lint": "eslint ."}, "devDependencies": {"husky": "9", "eslint": "9", "prettier": "3", "@commitlint/cli": "20"}}`,
		}},
		"py-lib": {"a library is", map[string]string{
			"pyproject.toml":    "[project]\nname=\"x\"\nversion=\"1\"\n[build-system]\nrequires=[\"hatchling\"]\nbuild-backend=\"hatchling.build\"\n",
			"src/x/__init__.py": "def f(): pass\n",
			"src/x/b.py":        "def f(): pass\n",
		}},
		"mvn-jenkins": {"a Jenkins plugin", map[string]string{
			"pom.xml":                  "<project><modelVersion>4.0.0</modelVersion><parent><groupId>org.jenkins-ci.plugins</groupId><artifactId>plugin</artifactId><version>4.88</version></parent><artifactId>b</artifactId><version>1</version><packaging>hpi</packaging></project>",
			"src/main/java/a/Lib.java": "package a; public class Lib { }",
		}},
		"mvn-minecraft": {"a Minecraft plugin", map[string]string{
			"pom.xml":                       "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version><dependencies><dependency><groupId>org.spigotmc</groupId><artifactId>spigot-api</artifactId><version>1.20-R0.1-SNAPSHOT</version><scope>provided</scope></dependency></dependencies></project>",
			"src/main/java/a/Main.java":     "package a; public class Main extends org.bukkit.plugin.java.JavaPlugin { }",
			"src/main/resources/plugin.yml": "name: x\nmain: a.Main\n",
		}},
		"mvn-spark": {"a Spark job", map[string]string{
			"pom.xml":                   "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version><dependencies><dependency><groupId>org.apache.spark</groupId><artifactId>spark-core_2.12</artifactId><version>3.5.0</version><scope>provided</scope></dependency></dependencies></project>",
			"src/main/java/a/Main.java": "package a; public class Main { public static void main(String[] a) { } }",
		}},
		"mvn-flink": {"a Flink job", map[string]string{
			"pom.xml":                   "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version><dependencies><dependency><groupId>org.apache.flink</groupId><artifactId>flink-streaming-java</artifactId><version>1.20.0</version><scope>provided</scope></dependency></dependencies></project>",
			"src/main/java/a/Main.java": "package a; public class Main { public static void main(String[] a) { } }",
		}},
		"mvn-javafx": {"a JavaFX app", map[string]string{
			"pom.xml":                   "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version><dependencies><dependency><groupId>org.openjfx</groupId><artifactId>javafx-controls</artifactId><version>21</version></dependency></dependencies></project>",
			"src/main/java/a/Main.java": "package a; public class Main extends javafx.application.Application { public static void main(String[] a) { launch(); } }",
		}},
		"mvn-lambda": {"an AWS Lambda function", map[string]string{
			"pom.xml":                "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version><dependencies><dependency><groupId>com.amazonaws</groupId><artifactId>aws-lambda-java-core</artifactId><version>1.2.3</version></dependency></dependencies></project>",
			"src/main/java/a/H.java": "package a; import com.amazonaws.services.lambda.runtime.RequestHandler; public class H implements RequestHandler<Object,Object> { }",
		}},
		"mvn-plugin": {"a Maven plugin", map[string]string{
			"pom.xml":                "<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>b</artifactId><version>1</version><packaging>maven-plugin</packaging></project>",
			"src/main/java/a/M.java": "package a; public class M {}",
		}},
		"notebooks": {"a set of Jupyter notebooks", map[string]string{
			"a.ipynb":          "{}",
			"requirements.txt": "pandas\njupyter\n",
			"b.ipynb":          "{}",
		}},
		"notebooks-only": {"a set of Jupyter notebooks", map[string]string{
			"a.ipynb": "{}",
			"b.ipynb": "{}",
		}},
		"ansible": {"an Ansible project", map[string]string{
			"ansible.cfg":            "",
			"site.yml":               "- hosts: all\n",
			"roles/x/tasks/main.yml": "",
		}},
		"ansible-req": {"an Ansible project", map[string]string{
			"ansible.cfg":      "",
			"site.yml":         "- hosts: all\n",
			"requirements.txt": "ansible==11\n",
		}},
		"terraform": {"a Terraform configuration", map[string]string{
			"main.tf":      "",
			"variables.tf": "",
		}},
		"py-kivy": {"a program with windows", map[string]string{
			"requirements.txt": "kivy\n",
			"main.py":          "from kivy.app import App\nApp().run()\n",
		}},
		"py-qt": {"a program with windows", map[string]string{
			"requirements.txt": "PyQt6\n",
			"main.py":          "from PyQt6.QtWidgets import QApplication\nQApplication([])\n",
		}},
		"py-tk": {"a program with windows", map[string]string{
			"main.py": "import tkinter\ntkinter.Tk().mainloop()\n",
		}},
		"py-lambda": {"an AWS Lambda function", map[string]string{
			"requirements.txt":   "boto3\n",
			"lambda_function.py": "def lambda_handler(event, context):\n    return {}\n",
		}},
		"py-sam": {"an AWS SAM application", map[string]string{
			"template.yaml":    "Transform: AWS::Serverless-2016-10-31\nResources: {}\n",
			"requirements.txt": "boto3\n",
			"app.py":           "def lambda_handler(event, context):\n    return {}\n",
		}},
		"py-gcf": {"", map[string]string{
			"requirements.txt": "functions-framework\n",
			"main.py":          "import functions_framework\n@functions_framework.http\ndef hello(r):\n    return \"x\"\n",
		}},
		"py-azure": {"a project of Azure Functions", map[string]string{
			"requirements.txt": "azure-functions\n",
			"host.json":        "{}",
			"function_app.py":  "import azure.functions as func\napp = func.FunctionApp()\n",
		}},
		"py-docs": {"a site of MkDocs", map[string]string{
			"requirements.txt": "mkdocs\nmkdocs-material\n",
			"mkdocs.yml":       "site_name: x\n",
			"docs/index.md":    "",
		}},
		"py-sphinx": {"a Sphinx documentation", map[string]string{
			"requirements.txt": "sphinx\n",
			"conf.py":          "project=\"x\"\nextensions=[]\n",
			"index.rst":        "",
		}},
		"homeassistant": {"a Home Assistant integration", map[string]string{
			"custom_components/x/manifest.json": `{"domain":"x"}`,
			"custom_components/x/__init__.py":   "",
			"requirements.txt":                  "homeassistant\n",
		}},
		"obsidian": {"a plugin of Obsidian", map[string]string{
			"package.json":  `{"name": "m", "main": "main.js", "scripts": {"dev": "node esbuild.config.mjs", "build": "node esbuild.config.mjs production"}, "devDependencies": {"obsidian": "latest", "esbuild": "0.25"}}`,
			"manifest.json": `{"id":"x","minAppVersion":"1.0.0","version":"1"}`,
			"main.ts":       "import {Plugin} from 'obsidian'\n",
		}},
		"figma": {"a plugin of Figma", map[string]string{
			"package.json":  `{"name": "m", "scripts": {"build": "tsc -p tsconfig.json"}, "devDependencies": {"@figma/plugin-typings": "1", "typescript": "5"}}`,
			"manifest.json": `{"name":"x","id":"1","api":"1.0.0","main":"code.js"}`,
			"code.ts":       "",
		}},
	} {
		_, err := Decide(scan(t, c.files), Request{})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
