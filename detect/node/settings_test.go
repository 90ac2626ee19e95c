package node

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/node/js"
)

// A port is read wherever the program has it from.
func TestSettings(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"exports.port", map[string]string{"config.js": "exports.port = 7007", "index.js": "const {port}=require('./config');require('express')().listen(port)"}, "listen 7007"},
		{"config prod wins", map[string]string{"config/default.json": "{\"server\":{\"port\": 4100}}", "config/production.json": "{\"server\":{\"port\": 4200}}", "index.js": "const config=require('config');const app=require('express')();const port=config.get('server.port');app.listen(port)"}, "listen 4200"},
		{"config.has", map[string]string{"config/default.yaml": "server:\n  port: 4100", "index.js": "import config from 'config';import express from 'express';const app=express();const port=config.has('server.port')?config.get('server.port'):3000;app.listen(port)"}, "listen 4100"},
		{"config get object", map[string]string{"config/default.json": "{\"server\":{\"port\": 4100, \"host\":\"0.0.0.0\"}}", "index.js": "import config from 'config';import express from 'express';const app=express();const {port,host}=config.get('server');app.listen(port,host)"}, "listen 4100 at 0.0.0.0"},
		{"json readFileSync", map[string]string{"config.json": "{\"port\": 4300}", "index.js": "const fs=require('fs');const cfg=JSON.parse(fs.readFileSync('./config.json','utf8'));require('http').createServer().listen(cfg.port)"}, "listen 4300"},
		{"json readFileSync dirname", map[string]string{"config.json": "{\"http\":{\"port\": 4300}}", "index.js": "const fs=require('fs'),path=require('path');const cfg=JSON.parse(fs.readFileSync(path.join(__dirname,'config.json')));require('http').createServer().listen(cfg.http.port)"}, "listen 4300"},
		{"yaml", map[string]string{"config.yml": "http:\n  port: 4400", "index.js": "const yaml=require('js-yaml'),fs=require('fs');const cfg=yaml.load(fs.readFileSync('config.yml','utf8'));require('http').createServer().listen(cfg.http.port)"}, "listen 4400"},
		{"yaml pkg", map[string]string{"config.yaml": "port: 4400", "index.js": "import {parse} from 'yaml';import {readFileSync} from 'fs';const cfg=parse(readFileSync('./config.yaml','utf8'));require('http').createServer().listen(cfg.port)"}, "listen 4400"},
		{"toml", map[string]string{"config.toml": "[server]\nport = 4450", "index.js": "import toml from 'toml';import {readFileSync} from 'fs';const cfg=toml.parse(readFileSync('./config.toml','utf8'));require('http').createServer().listen(cfg.server.port)"}, "listen 4450"},
		{"env any name", map[string]string{"index.js": "const app=require('express')();const port=Number(process.env.HTTP_PORT ?? 8081);app.listen(port)"}, "listen $HTTP_PORT|8081"},
		{"env no default", map[string]string{"index.js": "const app=require('express')();app.listen(process.env.APP_PORT)"}, "listen $APP_PORT|"},
		{"env no default 2", map[string]string{"index.js": "require('http').createServer((q,s)=>s.end()).listen(process.env.PORT)"}, "listen $PORT|"},
		{"fn", map[string]string{"server.js": "module.exports=function start(port){require('express')().listen(port)}", "index.js": "require('./server')(5100)"}, "listen 5100"},
		{"fn named", map[string]string{"server.js": "exports.start=(port)=>{const app=require('express')();app.listen(port)}", "index.js": "const {start}=require('./server');start(5200)"}, "listen 5200"},
		{"fn esm", map[string]string{"server.js": "import express from 'express';export async function startServer({port,host}){const app=express();app.listen(port,host)}", "index.js": "import {startServer} from './server.js';startServer({port:Number(process.env.WEB_PORT)||5300,host:'0.0.0.0'})"}, "listen $WEB_PORT|5300 at 0.0.0.0"},
		{"fn class", map[string]string{"server.js": "class Server{constructor(port){this.port=port;this.app=require('express')()}start(){this.app.listen(this.port)}}module.exports=Server", "index.js": "const Server=require('./server');new Server(5400).start()"}, "listen 5400"},
		{"class method arg", map[string]string{"server.js": "class Server{constructor(){this.app=require('express')()}start(port){this.app.listen(port)}}module.exports={Server}", "index.js": "const {Server}=require('./server');const s=new Server();s.start(5500)"}, "listen 5500"},
		{"getter class config", map[string]string{"config.js": "class Config{get port(){return Number(process.env.PORT)||5600}}module.exports=new Config()", "index.js": "const config=require('./config');require('express')().listen(config.port)"}, "listen $PORT|5600"},
		{"static class config", map[string]string{"config.js": "export class Config{static port=5650}", "index.js": "import {Config} from './config.js';import express from 'express';express().listen(Config.port)"}, "listen 5650"},
		{"app.set", map[string]string{"index.js": "const app=require('express')();app.set('port',process.env.PORT||5700);app.listen(app.get('port'))"}, "listen $PORT|5700"},
		{"minimist", map[string]string{"index.js": "const argv=require('minimist')(process.argv.slice(2),{default:{port:5800}});require('express')().listen(argv.port)"}, "listen 5800"},
		{"minimist or", map[string]string{"index.js": "const argv=require('minimist')(process.argv.slice(2));require('express')().listen(argv.port||5801)"}, "listen 5801"},
		{"yargs", map[string]string{"index.js": "const argv=require('yargs').option('port',{alias:'p',default:5900,type:'number'}).argv;require('express')().listen(argv.port)"}, "listen 5900"},
		{"yargs hideBin", map[string]string{"index.js": "import yargs from 'yargs';import {hideBin} from 'yargs/helpers';const argv=yargs(hideBin(process.argv)).options({port:{default:5901}}).parseSync();require('express')().listen(argv.port)"}, "listen 5901"},
		{"yargs default", map[string]string{"index.js": "const argv=require('yargs').default('port',5902).argv;require('express')().listen(argv.port)"}, "listen 5902"},
		{"commander", map[string]string{"index.js": "const {program}=require('commander');program.option('-p, --port <number>','port',6000).parse();const opts=program.opts();require('express')().listen(opts.port)"}, "listen 6000"},
		{"commander const", map[string]string{"index.js": "import {Command} from 'commander';const program=new Command();program.option('--port <n>','port',parseInt,6001);program.parse(process.argv);require('express')().listen(program.opts().port)"}, "listen 6001"},
		{"parseArgs", map[string]string{"index.js": "import {parseArgs} from 'node:util';const {values}=parseArgs({options:{port:{type:'string',default:'6050'}}});require('express')().listen(values.port)"}, "listen 6050"},
		{"convict", map[string]string{"index.js": "const convict=require('convict');const config=convict({port:{doc:'p',format:'port',default:6100,env:'PORT',arg:'port'}});require('express')().listen(config.get('port'))"}, "listen $PORT|6100"},
		{"convict module nested", map[string]string{"config.js": "const convict=require('convict');const config=convict({server:{port:{format:'port',default:6101,env:'HTTP_PORT'}}});config.validate({allowed:'strict'});module.exports=config", "index.js": "const config=require('./config');require('express')().listen(config.get('server.port'))"}, "listen $HTTP_PORT|6101"},
		{"convict props", map[string]string{"config.js": "const convict=require('convict');const config=convict({server:{port:{format:'port',default:6102,env:'HTTP_PORT'}}});module.exports=config.getProperties()", "index.js": "const config=require('./config');require('express')().listen(config.server.port)"}, "listen $HTTP_PORT|6102"},
		{"convict file", map[string]string{"prod.json": "{\"port\":6103}", "index.js": "const convict=require('convict');const config=convict({port:{default:1,env:'PORT'}});config.loadFile('prod.json');require('express')().listen(config.get('port'))"}, "listen $PORT|6103"},
		{"convict unknown file", map[string]string{"index.js": "const convict=require('convict');const config=convict({port:{default:1,env:'PORT'}});config.loadFile('gone.json');require('express')().listen(config.get('port'))"}, ""},
		{"convict file of convict", map[string]string{"prod.json": "{\"port\":6104}", "index.js": "const convict=require('convict');const first=convict({file:{default:'prod.json'}});const config=convict({port:{default:1,env:'PORT'}});config.loadFile(first.get('file'));require('express')().listen(config.get('port'))"}, "listen $PORT|6104"},
		{"envalid", map[string]string{"index.js": "import {cleanEnv,port,str} from 'envalid';const env=cleanEnv(process.env,{PORT:port({default:6200}),SECRET:str()});require('express')().listen(env.PORT)"}, "listen $PORT|6200"},
		{"env-var", map[string]string{"index.js": "const env=require('env-var');const PORT=env.get('PORT').default('6300').asPortNumber();require('express')().listen(PORT)"}, "listen $PORT|6300"},
		{"env-var from", map[string]string{"index.js": "const env=require('env-var');const PORT=env.get('APP_PORT').required().asPortNumber();require('express')().listen(PORT)"}, "listen $APP_PORT|"},
		{"zod", map[string]string{"index.js": "import {z} from 'zod';const env=z.object({PORT:z.coerce.number().default(6400),DB:z.string()}).parse(process.env);require('express')().listen(env.PORT)"}, "listen $PORT|6400"},
		{"zod safeParse", map[string]string{"env.js": "import {z} from 'zod';const schema=z.object({PORT:z.string().transform(Number).default('6401')});const parsed=schema.safeParse(process.env);if(!parsed.success){process.exit(1)}export const env=parsed.data", "index.js": "import {env} from './env.js';import express from 'express';express().listen(env.PORT)"}, "listen $PORT|6401"},
		{"t3 env", map[string]string{"env.js": "import {createEnv} from '@t3-oss/env-core';import {z} from 'zod';export const env=createEnv({server:{PORT:z.coerce.number().int().default(6402),DATABASE_URL:z.string().url()},runtimeEnv:process.env})", "index.js": "import {env} from './env.js';import express from 'express';express().listen(env.PORT)"}, "listen $PORT|6402"},
		{"joi", map[string]string{"index.js": "const Joi=require('joi');const schema=Joi.object({PORT:Joi.number().default(6500),DB_URL:Joi.string().required()}).unknown();const {error,value:envVars}=schema.validate(process.env);if(error)throw new Error('x');require('express')().listen(envVars.PORT)"}, "listen $PORT|6500"},
		{"joi prefs", map[string]string{"config.js": "const Joi=require('joi');const envVarsSchema=Joi.object().keys({NODE_ENV:Joi.string().required(),PORT:Joi.number().default(6501),MONGODB_URL:Joi.string().required()}).unknown();const {value:envVars,error}=envVarsSchema.prefs({errors:{label:'key'}}).validate(process.env);if(error){throw new Error('x')}module.exports={port:envVars.PORT}", "index.js": "const config=require('./config');const app=require('express')();app.listen(config.port)"}, "listen $PORT|6501"},
		{"nconf", map[string]string{"index.js": "const nconf=require('nconf');nconf.argv().env().file({file:'config.json'});nconf.defaults({port:6600});require('express')().listen(nconf.get('port'))"}, "listen 6600"},
		{"nconf file", map[string]string{"config.json": "{\"http\":{\"port\":6601}}", "index.js": "const nconf=require('nconf');nconf.argv().env('__').file({file:'./config.json'});require('express')().listen(nconf.get('http:port'))"}, "listen 6601"},
		{"rc", map[string]string{"index.js": "const conf=require('rc')('app',{port:6700});require('express')().listen(conf.port)"}, "listen 6700"},
		{"unknown db", map[string]string{"index.js": "const app=require('express')();db.settings().then(s=>app.listen(s.port))"}, "listen ?"},
		{"app in other module, var", map[string]string{"config/index.js": "const env=process.env;module.exports={app:{port:parseInt(env.APP_PORT||'7100',10)}}", "index.js": "const cfg=require('./config');const app=require('./app');const server=require('http').createServer(app);server.listen(cfg.app.port)", "app.js": "const app=require('express')();module.exports=app"}, "listen $APP_PORT|7100"},
		{"env by NODE_ENV", map[string]string{"config.js": "const c={development:{port:7200},production:{port:7201}};module.exports=c[process.env.NODE_ENV||'development']", "index.js": "const config=require('./config');require('express')().listen(config.port)"}, "listen 7201"},
		{"env by NODE_ENV json", map[string]string{"config.json": "{\"development\":{\"port\":7200},\"production\":{\"port\":7201}}", "index.js": "const env=process.env.NODE_ENV||'development';const config=require('./config.json')[env];require('express')().listen(config.port)"}, "listen 7201"},
		{"env by NODE_ENV require", map[string]string{"config/production.js": "module.exports={port:7301}", "config/development.js": "module.exports={port:7300}", "index.js": "const config=require('./config/'+(process.env.NODE_ENV||'development'));require('express')().listen(config.port)"}, "listen 7301"},
		{"env by template", map[string]string{"config/production.js": "module.exports={port:7301}", "config/development.js": "module.exports={port:7300}", "index.js": "const config=require(`./config/${process.env.NODE_ENV}.js`);require('express')().listen(config.port)"}, "listen 7301"},
		{"prod ternary", map[string]string{"index.js": "const port=process.env.NODE_ENV==='production'?80:7400;require('express')().listen(port)"}, "listen 80"},
		{"if production", map[string]string{"index.js": "let port=7500;if(process.env.NODE_ENV==='production'){port=8090}require('express')().listen(port)"}, "listen 8090"},
		{"80 in prod", map[string]string{"index.js": "const app=require('express')();const PORT=process.env.PORT||(process.env.NODE_ENV==='production'?8070:3000);app.listen(PORT)"}, "listen $PORT|8070"},
		{"Object.assign", map[string]string{"config.js": "module.exports=Object.assign({port:7600},require('./extra'))", "extra.js": "module.exports={name:'x'}", "index.js": "require('express')().listen(require('./config').port)"}, "listen 7600"},
		{"ts enum", map[string]string{"config.ts": "export enum Ports { Http = 7700 }", "index.js": "import {Ports} from './config.ts';import express from 'express';express().listen(Ports.Http)"}, "listen 7700"},
		{"fastify opts", map[string]string{"index.js": "import Fastify from 'fastify';import {config} from './config.js';const app=Fastify();await app.listen({port:config.port,host:config.host})", "config.js": "export const config={port:Number(process.env.PORT??7850),host:process.env.HOST??'0.0.0.0'}"}, "listen $PORT|7850 at $HOST|0.0.0.0"},
		{"fastify env", map[string]string{"index.js": "import Fastify from 'fastify';import env from '@fastify/env';const app=Fastify();await app.register(env,{schema:{type:'object',required:['PORT','DB_URL'],properties:{PORT:{type:'string',default:7860},DB_URL:{type:'string'}}}});await app.listen({port:app.config.PORT,host:'0.0.0.0'})"}, "listen $PORT|7860 at 0.0.0.0"},
		{"env-schema", map[string]string{"index.js": "const envSchema=require('env-schema');const config=envSchema({schema:{type:'object',properties:{PORT:{type:'number',default:7870}}},dotenv:true});require('express')().listen(config.PORT)"}, "listen $PORT|7870"},
		{"dotenv-safe etc", map[string]string{"index.js": "const app=require('express')();const {PORT}=require('dotenv').config().parsed;app.listen(PORT)"}, "listen $PORT|"},
		{"strong default via helper", map[string]string{"index.js": "const get=(name,def)=>process.env[name]||def;require('express')().listen(get('WEB_PORT',7900))"}, "listen $WEB_PORT|7900"},
		{"helper module", map[string]string{"env.js": "export function getEnv(name,fallback){const v=process.env[name];if(v===undefined)return fallback;return v}", "index.js": "import {getEnv} from './env.js';import express from 'express';express().listen(Number(getEnv('WEB_PORT','7910')))"}, "listen $WEB_PORT|7910"},
		{"int helper", map[string]string{"env.js": "exports.int=(k,d)=>process.env[k]?parseInt(process.env[k],10):d", "index.js": "const {int}=require('./env');require('express')().listen(int('WEB_PORT',7920))"}, "listen $WEB_PORT|7920"},
		{"nest load", map[string]string{"tsconfig.json": "{\"compilerOptions\":{\"outDir\":\"dist\"}}", "src/main.ts": "import {NestFactory} from '@nestjs/core';import {ConfigService} from '@nestjs/config';import {AppModule} from './app.module';async function b(){const app=await NestFactory.create(AppModule);const c=app.get(ConfigService);app.setGlobalPrefix('api');await app.listen(c.get<number>('port'))}b()", "src/app.module.ts": "import {Module} from '@nestjs/common';import {ConfigModule} from '@nestjs/config';import cfg from './config/configuration';import {HealthController} from './health.controller';@Module({imports:[ConfigModule.forRoot({load:[cfg]})],controllers:[HealthController]}) export class AppModule {}", "src/config/configuration.ts": "export default () => ({port: parseInt(process.env.PORT, 10) || 4567})", "src/health.controller.ts": "import {Controller,Get} from '@nestjs/common';@Controller('health') export class HealthController { constructor(private x: X) {} @Get() check(){return 1} @Get('live') live(){return 1} }"}, "listen $PORT|4567"},
		{"nest registerAs", map[string]string{"tsconfig.json": "{\"compilerOptions\":{\"outDir\":\"dist\"}}", "src/main.ts": "import {NestFactory} from '@nestjs/core';import {ConfigService} from '@nestjs/config';import {AppModule} from './app.module';async function b(){const app=await NestFactory.create(AppModule);const c=app.get(ConfigService);await app.listen(c.get('app.port'))}b()", "src/app.module.ts": "import {Module} from '@nestjs/common';import {ConfigModule} from '@nestjs/config';import app from './app.config';@Module({imports:[ConfigModule.forRoot({load:[app]})]}) export class AppModule {}", "src/app.config.ts": "import {registerAs} from '@nestjs/config';export default registerAs('app',()=>({port: process.env.APP_PORT ? parseInt(process.env.APP_PORT,10) : 4568}))"}, "listen $APP_PORT|4568"},
		{"nest joi", map[string]string{"tsconfig.json": "{\"compilerOptions\":{\"outDir\":\"dist\"}}", "src/main.ts": "import {NestFactory} from '@nestjs/core';import {ConfigService} from '@nestjs/config';import {AppModule} from './app.module';async function b(){const app=await NestFactory.create(AppModule);const c=app.get(ConfigService);await app.listen(c.get('PORT'))}b()", "src/app.module.ts": "import {Module} from '@nestjs/common';import * as Joi from 'joi';import {ConfigModule} from '@nestjs/config';@Module({imports:[ConfigModule.forRoot({validationSchema:Joi.object({PORT:Joi.number().default(4569),DATABASE_URL:Joi.string().required()})})]}) export class AppModule {}"}, "listen $PORT|4569"},
		{"n9", map[string]string{"src/main.ts": "import { NestFactory } from '@nestjs/core'\nimport { ConfigService } from '@nestjs/config'\nimport { AppModule } from './app.module'\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule)\n  const port = app.get(ConfigService).getOrThrow<number>('PORT')\n  const db = app.get(ConfigService).getOrThrow('DATABASE_URL')\n  await app.listen(port)\n}\nbootstrap()", "src/app.module.ts": "export class AppModule {}"}, "listen $PORT|"},
	} {
		c.files["package.json"] = "{}"
		var set effect.Set
		for _, l := range mustRead(t, c.files).Code.Listens {
			if !l.Named {
				set.Listens = append(set.Listens, l)
			}
		}
		if got := shown(set); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Routes are known behind the prefixes below which they are answered.
func TestRoutes(t *testing.T) {
	const autoloaded = "const path = require('node:path')\nconst AutoLoad = require('@fastify/autoload')\nmodule.exports = async function (fastify, opts) {\n  fastify.register(AutoLoad, {dir: path.join(__dirname, 'plugins'), options: Object.assign({}, opts)})\n" +
		"  fastify.register(AutoLoad, {dir: path.join(__dirname, 'routes'), options: Object.assign({}, opts)})\n}\nmodule.exports.options = {}\n"
	const rootPlugin = "module.exports = async function (fastify, opts) { fastify.get('/', async function (request, reply) { return {root: true} }) }\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"express router other module", map[string]string{"index.js": "const app=require('express')();app.use('/api',require('./routes'));app.listen(3000)", "routes.js": "const r=require('express').Router();r.get('/health',(q,s)=>s.end());module.exports=r"}, "GET /api/health"},
		{"express router nested", map[string]string{"index.js": "import express from 'express';import api from './api/index.js';const server=express();server.use('/api/v1',api);server.listen(3000)", "api/index.js": "import {Router} from 'express';import health from './health.js';const router=Router();router.use('/health',health);export default router", "api/health.js": "import {Router} from 'express';const router=Router();router.get('/',(q,s)=>s.end());export default router"}, "GET /api/v1/health"},
		{"express other name", map[string]string{"index.js": "import express from 'express';const web=express();web.get('/healthz',(q,s)=>s.end());web.listen(3000)"}, "GET /healthz"},
		{"express without an answer", map[string]string{"index.js": "const app=require('express')();const f=()=>'ok';app.get('/health',()=>'ok');app.get('/a',async function(){});app.get('/b',f);app.get('/c',_=>1);app.get('/d',g);app.listen(3000)"}, "GET /c, GET /d"},
		{"express route()", map[string]string{"index.js": "const app=require('express')();app.route('/health').get((q,s)=>s.end());app.listen(3000)"}, "GET /health"},
		{"express fn(app)", map[string]string{"index.js": "const app=require('express')();require('./routes')(app);app.listen(3000)", "routes.js": "module.exports=function(app){app.get('/health',(q,s)=>s.end())}"}, "GET /health"},
		{"fastify register prefix", map[string]string{"index.js": "import Fastify from 'fastify';import routes from './routes.js';const f=Fastify();f.register(routes,{prefix:'/v1'});f.listen({port:3000,host:'0.0.0.0'})", "routes.js": "export default async function routes(fastify,opts){fastify.get('/health',async()=>1)}"}, "GET /v1/health"},
		{"fastify inline", map[string]string{"index.js": "import Fastify from 'fastify';const f=Fastify();f.register(async (app)=>{app.get('/healthz',async()=>1)},{prefix:'/v1'});f.listen({port:3000,host:'0.0.0.0'})"}, "GET /v1/healthz"},
		{"fastify route obj", map[string]string{"index.js": "import Fastify from 'fastify';const f=Fastify();f.route({method:'GET',url:'/healthz',handler:async()=>1});f.listen({port:3000,host:'0.0.0.0'})"}, "GET /healthz"},
		{"autoload of fastify-cli", map[string]string{"package.json": `{"scripts": {"start": "fastify start -l info app.js"}}`, "app.js": autoloaded, "routes/root.js": rootPlugin, "routes/users/index.js": rootPlugin, "routes/users/other.js": rootPlugin, "plugins/support.js": "module.exports = require('fastify-plugin')(async (f) => { f.get('/own', h) })", "routes/_id/root.js": rootPlugin, "routes/moved.js": rootPlugin + "module.exports.autoPrefix = '/x'"}, "GET /, GET /own, GET /users"},
		{"autoload of tsc", map[string]string{"package.json": `{"scripts": {"start": "npm run build && fastify start dist/app.js"}}`, "tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`, "src/app.ts": "import AutoLoad from '@fastify/autoload';import {join} from 'path';const app: FastifyPluginAsync<O> = async (fastify, opts): Promise<void> => { void fastify.register(AutoLoad, {dir: join(__dirname, 'routes'), options: opts, forceESM: true}) };export default app;export {app}", "src/routes/up/index.ts": "const example: FastifyPluginAsync = async (fastify, opts): Promise<void> => { fastify.get('/', async () => 1) };export default example"}, "GET /up"},
		{"autoload below a prefix", map[string]string{"index.js": "import Fastify from 'fastify';import autoload from '@fastify/autoload';import path from 'path';const f=Fastify();f.register(autoload,{dir:path.join(import.meta.dirname,'routes'),options:{prefix:'/api'},dirNameRoutePrefix:false});f.listen({port:3000,host:'0.0.0.0'})", "routes/x/health.js": "export default async function (app) { app.get('/health', async () => 1) }"}, "GET /api/health"},
		{"autoload of some", map[string]string{"index.js": "import Fastify from 'fastify';import autoload from '@fastify/autoload';import path from 'path';const f=Fastify();f.register(autoload,{dir:path.join(import.meta.dirname,'routes'),matchFilter:/x/});f.listen({port:3000,host:'0.0.0.0'})", "routes/health.js": "export default async function (r) { r.get('/health', async () => 1) }"}, ""},
		{"autoload, prefix of the command", map[string]string{"package.json": `{"scripts": {"start": "fastify start --prefix /api app.js"}}`, "app.js": autoloaded, "routes/root.js": rootPlugin}, ""},
		{"autoload, not started", map[string]string{"package.json": `{"scripts": {"start": "node app.js"}}`, "app.js": autoloaded, "routes/root.js": rootPlugin}, ""},
		{"autoload, handed a prefix", map[string]string{"index.js": "const f=require('fastify')();f.register(require('./app'),{prefix:'/api'});f.listen({port:3000})", "app.js": autoloaded, "routes/root.js": rootPlugin}, ""},
		{"adonis", map[string]string{"start/routes.ts": "import router from '@adonisjs/core/services/router'\n\nrouter.get('/health', [HealthChecksController]).as('health')\nrouter.get('status', async () => {\n  return 1\n})\nrouter.on('/').render('pages/home').as('home')\nrouter\n  .group(() => {\n    router.get('/inner', f)\n  })\n  .prefix('/api')\nrouter.get('/mine', f).use(middleware.auth())\nrouter.get('/moved', f).prefix('/v1')\nrouter.on('/old').redirect('/')\nrouter.post('/posted', f)\nrouter.get('/u/:id', f)\n"}, "GET /, GET /health, GET /status"},
		{"adonis 5", map[string]string{"start/routes.ts": "import Route from '@ioc:Adonis/Core/Route'\n\nRoute.get('/health', async ({response}) => {})\nRoute.group(() => { Route.get('/in', f) }).middleware('auth')\n"}, "GET /health"},
		{"koa router", map[string]string{"index.js": "import Koa from 'koa';import Router from '@koa/router';const app=new Koa();const router=new Router({prefix:'/api'});router.get('/health',c=>{c.body=1});app.use(router.routes()).use(router.allowedMethods());app.listen(3000)"}, "GET /api/health"},
		{"hono route", map[string]string{"index.js": "import {Hono} from 'hono';import {serve} from '@hono/node-server';const app=new Hono();const api=new Hono();api.get('/health',c=>c.text('x'));app.route('/api',api);serve({fetch:app.fetch,port:3000})"}, "GET /api/health"},
		{"hono basePath", map[string]string{"index.js": "import {Hono} from 'hono';import {serve} from '@hono/node-server';const app=new Hono().basePath('/api');app.get('/health',c=>c.text('x'));serve({fetch:app.fetch,port:3000})"}, "GET /api/health"},
		{"nest", map[string]string{"src/main.ts": "import {NestFactory} from '@nestjs/core';import {AppModule} from './app.module';async function b(){const app=await NestFactory.create(AppModule);app.setGlobalPrefix('api');await app.listen(process.env.PORT??3000)}b()", "src/app.module.ts": "import {Module} from '@nestjs/common';import {HealthController} from './health.controller';@Module({controllers:[HealthController]}) export class AppModule {}", "src/health.controller.ts": "import {Controller,Get} from '@nestjs/common';@Controller('health') export class HealthController { constructor(private x: X) {} @Get() check(){return 1} @Get('live') live(){return 1} }"}, "GET /api/health, GET /api/health/live"},
		{"nest exclude", map[string]string{"src/main.ts": "import {NestFactory} from '@nestjs/core';import {AppModule} from './app.module';async function b(){const app=await NestFactory.create(AppModule);app.setGlobalPrefix('api',{exclude:['health']});await app.listen(process.env.PORT??3000)}b()", "src/app.module.ts": "import {Module} from '@nestjs/common';import {HealthController} from './health.controller';@Module({controllers:[HealthController]}) export class AppModule {}", "src/health.controller.ts": "import {Controller,Get} from '@nestjs/common';@Controller('health') export class HealthController { @Get() check(){return 1} }"}, "GET /health"},
		{"hapi", map[string]string{"index.js": "const Hapi=require('@hapi/hapi');const server=Hapi.server({port:3000,host:'0.0.0.0'});server.route({method:'GET',path:'/health',handler:()=>1});server.start()"}, "GET /health"},
		{"raw http", map[string]string{"index.js": "const http=require('http');http.createServer((req,res)=>{if(req.url==='/health'){res.end('ok');return}res.end('x')}).listen(3000)"}, " /health"},
		{"raw pathname", map[string]string{"index.js": "import http from 'node:http';const server=http.createServer((req,res)=>{const {pathname}=new URL(req.url,'http://x');if(req.method==='GET'&&pathname==='/healthz'){return res.end('ok')}res.end('x')});server.listen(3000)"}, " /healthz"},
		{"raw switch", map[string]string{"index.js": "const http=require('http');http.createServer((req,res)=>{switch(req.url){case '/livez':res.end('ok');break;default:res.end()}}).listen(3000)"}, " /livez"},
		{"raw post", map[string]string{"index.js": "const http=require('http');http.createServer((req,res)=>{if(req.method==='POST'&&req.url==='/health'){res.end('ok');return}res.end('x')}).listen(3000)"}, ""},
		{"terminus", map[string]string{"index.js": "const http=require('http');const {createTerminus}=require('@godaddy/terminus');const app=require('express')();const server=http.createServer(app);createTerminus(server,{healthChecks:{'/healthcheck':async()=>1},signal:'SIGINT'});server.listen(3000)"}, "GET /healthcheck"},
		{"behind auth", map[string]string{"index.js": "const app=require('express')();app.use('/api',requireAuth,require('./routes'));app.listen(3000)", "routes.js": "const r=require('express').Router();r.get('/health',(q,s)=>s.end());module.exports=r"}, ""},
		{"unmounted", map[string]string{"index.js": "const app=require('express')();load(app,'./routes');app.listen(3000)", "routes.js": "const r=require('express').Router();r.get('/health',(q,s)=>s.end());module.exports=r"}, ""},
		{"array of routes", map[string]string{"index.js": "const app=require('express')();const routes=[{path:'/users',route:require('./u')},{path:'/status',route:require('./h')}];routes.forEach(r=>app.use(r.path,r.route));app.listen(3000)", "h.js": "const r=require('express').Router();r.get('/health',(q,s)=>s.end());module.exports=r", "u.js": "const r=require('express').Router();r.get('/',(q,s)=>s.end());module.exports=r"}, "GET /status/health, GET /users"},
	} {
		if c.files["package.json"] == "" {
			c.files["package.json"] = "{}"
		}
		if got := shown(effect.Set{Routes: mustRead(t, c.files).Code.Routes}); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Routers that hang in one another have more ways up than can be tried.
func TestRoutesInCircles(t *testing.T) {
	var text strings.Builder
	text.WriteString("const express=require('express');const app=express();app.get('/health',f);\n")
	for i := range 17 {
		fmt.Fprintf(&text, "const r%d=express.Router();r%d.get('/x',f);\n", i, i)
	}
	for i := range 17 * 17 {
		fmt.Fprintf(&text, "r%d.use('/x',r%d);\n", i/17, i%17)
	}
	files := map[string]string{"package.json": "{}", "index.js": text.String() + "app.listen(3000)"}
	if got := shown(effect.Set{Routes: mustRead(t, files).Code.Routes}); got != "GET /health" {
		t.Errorf("got %s", got)
	}
}

// The variables without which a program does not start are known.
func TestRequired(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"if throw", map[string]string{"index.js": "if(!process.env.DATABASE_URL){throw new Error('DATABASE_URL')}const app=require('express')();app.listen(3000)"}, "DATABASE_URL"},
		{"if exit multi", map[string]string{"index.js": "if (!process.env.A_KEY || !process.env.B_KEY) { console.error('missing'); process.exit(1) }\nconst app=require('express')();app.listen(3000)"}, "A_KEY B_KEY"},
		{"if return", map[string]string{"index.js": "const app=require('express')();app.get('/',(q,s)=>{if(!process.env.X){return s.end()}});app.listen(3000)"}, ""},
		{"undefined", map[string]string{"index.js": "const url=process.env.MONGO_URL;if(url===undefined)throw new Error('x');const app=require('express')();app.listen(3000)"}, "MONGO_URL"},
		{"list", map[string]string{"index.js": "const required=['A_KEY','B_KEY'];for(const k of required){if(!process.env[k]){throw new Error(k)}};const app=require('express')();app.listen(3000)"}, "A_KEY B_KEY"},
		{"forEach", map[string]string{"index.js": "['A_KEY','B_KEY'].forEach((name)=>{if(!process.env[name]){console.error(name);process.exit(1)}});const app=require('express')();app.listen(3000)"}, "A_KEY B_KEY"},
		{"helper", map[string]string{"env.js": "export function requireEnv(name){const v=process.env[name];if(!v)throw new Error(`${name} missing`);return v}", "index.js": "import {requireEnv} from './env.js';import express from 'express';const url=requireEnv('DATABASE_URL');const k=requireEnv('API_KEY');express().listen(3000)"}, "API_KEY DATABASE_URL"},
		{"missing filter", map[string]string{"index.js": "const missing=['A_KEY','B_KEY'].filter(k=>!process.env[k]);if(missing.length>0){throw new Error(missing.join())}const app=require('express')();app.listen(3000)"}, "A_KEY B_KEY"},
		{"joi", map[string]string{"index.js": "const Joi=require('joi');const schema=Joi.object({PORT:Joi.number().default(6500),DB_URL:Joi.string().required(),X:Joi.string()}).unknown();const {error,value:envVars}=schema.validate(process.env);if(error)throw new Error('x');require('express')().listen(envVars.PORT)"}, "DB_URL"},
		{"zod", map[string]string{"index.js": "import {z} from 'zod';const env=z.object({PORT:z.coerce.number().default(6400),DB:z.string(),OPT:z.string().optional(),URL2:z.string().url().min(1)}).parse(process.env);require('express')().listen(env.PORT)"}, "DB URL2"},
		{"envalid", map[string]string{"index.js": "import {cleanEnv,port,str} from 'envalid';const env=cleanEnv(process.env,{PORT:port({default:6200}),SECRET:str(),O:str({default:''}),D:str({desc:'x'})});require('express')().listen(env.PORT)"}, "D SECRET"},
		{"t3", map[string]string{"env.js": "import {createEnv} from '@t3-oss/env-core';import {z} from 'zod';export const env=createEnv({server:{PORT:z.coerce.number().int().default(6402),DATABASE_URL:z.string().url()},runtimeEnv:process.env})", "index.js": "import {env} from './env.js';import express from 'express';express().listen(env.PORT)"}, "DATABASE_URL"},
		{"getOrThrow", map[string]string{"src/main.ts": "import { NestFactory } from '@nestjs/core'\nimport { ConfigService } from '@nestjs/config'\nimport { AppModule } from './app.module'\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule)\n  const port = app.get(ConfigService).getOrThrow<number>('PORT')\n  await app.listen(port)\n}\nbootstrap()", "src/app.module.ts": "import {S} from './s';export class AppModule {}", "src/s.ts": "import {ConfigService} from '@nestjs/config';export class S { constructor(private readonly config: ConfigService) { this.url = this.config.getOrThrow('DATABASE_URL') } }"}, "DATABASE_URL PORT"},
		{"assert", map[string]string{"index.js": "const assert=require('assert');assert(process.env.TOKEN,'TOKEN');const app=require('express')();app.listen(3000)"}, "TOKEN"},
		{"dev only", map[string]string{"index.js": "const app=require('express')();if(process.env.NODE_ENV!=='production'&&!process.env.KEY){throw 1};app.listen(3000)"}, ""},
		{"prod only", map[string]string{"index.js": "const app=require('express')();if(process.env.NODE_ENV==='production'&&!process.env.SESSION_SECRET){throw new Error('x')};app.listen(3000)"}, "SESSION_SECRET"},
		{"a key that a client wants", map[string]string{"index.js": "const Stripe=require('stripe');const stripe=new Stripe(process.env.STRIPE_KEY);require('express')().listen(3000)"}, "STRIPE_KEY"},
		{"a key of a config module", map[string]string{"config.js": "export const config = {key: process.env.AI_KEY}", "index.js": "import {config} from './config.js';import OpenAI from 'openai'\nconst port = process.env.PORT || 3000\nexport const ai = new OpenAI({ apiKey: config.key })"}, "AI_KEY"},
		{"in TypeScript", map[string]string{"index.ts": "import { createClient } from '@supabase/supabase-js'\nexport const db = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_KEY as string)"}, "SUPABASE_KEY SUPABASE_URL"},
		{"a database", map[string]string{"index.js": "const mongoose=require('mongoose');async function connect(){try{await mongoose.connect(process.env.MONGO_URL)}catch(e){console.error(e)}};connect()"}, "MONGO_URL"},
		{"a database, imported", map[string]string{"index.js": "import mongoose from 'mongoose';mongoose.connect(process.env.MONGO_URL)"}, "MONGO_URL"},
		{"a bot", map[string]string{"index.js": "const {Client}=require('discord.js');const client=new Client({intents:[]});client.on('ready',()=>{});client.login(process.env.TOKEN)"}, "TOKEN"},
		{"strategies", map[string]string{"index.js": "const passport=require('passport');const {Strategy}=require('passport-jwt');const Google=require('passport-google-oauth20').Strategy\npassport.use(new Strategy({secretOrKey:process.env.JWT},()=>{}))\npassport.use(new Google({clientID:process.env.ID},()=>{}))"}, "ID JWT"},
		{"what undefined has not", map[string]string{"index.js": "const hosts = process.env.HOSTS.split(',')\nconst u = new URL(process.env.PUBLIC_URL)"}, "HOSTS PUBLIC_URL"},
		{"asked before", map[string]string{"index.js": "const Stripe=require('stripe');const mongoose=require('mongoose');if(process.env.A){mongoose.connect(process.env.A)};const b=process.env.B?new Stripe(process.env.B):null;const c=process.env.C&&process.env.C.split(',')"}, ""},
		{"only then", map[string]string{"index.js": "const Stripe=require('stripe');const on=load();if(on)new Stripe(process.env.A)\nif (on)\n  new Stripe(process.env.B)\nconst c=on?new Stripe(process.env.C):0;const d=on&&new Stripe(process.env.D);if(on){new Stripe(process.env.E)}else{new Stripe(process.env.F)}"}, ""},
		{"when it is called", map[string]string{"index.js": "const Stripe=require('stripe');const a=()=>new Stripe(process.env.A);function b(){return new Stripe(process.env.B)};class C{constructor(){this.c=new Stripe(process.env.C)}};const e={d(){return process.env.D.split(',')}}"}, ""},
		{"after all that", map[string]string{"index.js": "const Stripe=require('stripe')\nconst a = () => new Map()\nif (a()) { a() }\nfunction b() { return {} }\nconst c = b() || a()\nclass D {}\ntry {\n  f(new Stripe(process.env.KEY))\n} catch (e) {}"}, "KEY"},
		{"a default", map[string]string{"index.js": "const Stripe=require('stripe');new Stripe(process.env.KEY||'none');(process.env.B||'').split(',')"}, ""},
	} {
		c.files["package.json"] = "{}"
		var got []string
		for _, e := range mustRead(t, c.files).Code.Env {
			if e.Required {
				got = append(got, e.Name)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.name, s, c.want)
		}
	}
}

// A schema that takes in others that take in others has no end that is worth looking for.
func TestShapeInCircles(t *testing.T) {
	key := js.Value{Kind: js.Call, Ref: js.Ref{Module: "zod", Name: "z.string"}}
	schema := js.Value{Kind: js.Call, Values: []js.Value{{Kind: js.Object, Keys: []string{"PORT"}, Values: []js.Value{key}}}}
	for range 5 {
		inner := schema
		for range maxChain - 1 {
			before := schema
			schema = js.Value{Kind: js.Call, Text: "merge", Recv: &before, Values: []js.Value{inner}}
		}
	}
	left := maxShape
	if _, ok := (&settingsRow{}).shape(schema, &left); ok || left > 0 {
		t.Errorf("got ok %v with %d calls left", ok, left)
	}
}
