BEGIN TRANSACTION;
CREATE TABLE `message` (
          `id` text PRIMARY KEY,
          `session_id` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_message_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
INSERT INTO "message" VALUES('msg_1fd1a0c130012vSPvi0YhXR4DZ','ses_e02e5f447ffeWBU1M2N6VR8532',1795247705107,1795247706265,'{"role":"user","time":{"created":1795247705107},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a0f78001BbKH0JVDL1aLNl','ses_e02e5f447ffeWBU1M2N6VR8532',1795247705976,1795247707484,'{"parentID":"msg_1fd1a0c130012vSPvi0YhXR4DZ","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247705976,"completed":1795247707483},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd1a13a40015bFqXvimv0x9fA','ses_e02e5ec6affenfYyYtSIXVSsa4',1795247707045,1795247707578,'{"role":"user","time":{"created":1795247707045},"agent":"scout","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a13c9001Er1E9EIBm0ztJy','ses_e02e5ec6affenfYyYtSIXVSsa4',1795247707081,1795247707391,'{"parentID":"msg_1fd1a13a40015bFqXvimv0x9fA","role":"assistant","mode":"scout","agent":"scout","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247707081,"completed":1795247707390},"finish":"stop"}');
INSERT INTO "message" VALUES('msg_1fd1a15610019hCd9rMRjaXEQ7','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707489,1795247707698,'{"parentID":"msg_1fd1a0c130012vSPvi0YhXR4DZ","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247707489,"completed":1795247707697},"finish":"stop"}');
INSERT INTO "message" VALUES('msg_1fd1a1f43001quyV4gIQh34a4D','ses_e02e5f447ffeWBU1M2N6VR8532',1795247710019,1795247710101,'{"role":"user","time":{"created":1795247710019},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a1f5d001g3ag4DDsc3X18O','ses_e02e5f447ffeWBU1M2N6VR8532',1795247710045,1795247710731,'{"parentID":"msg_1fd1a1f43001quyV4gIQh34a4D","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247710045,"completed":1795247710730},"finish":"stop"}');
INSERT INTO "message" VALUES('msg_1fd1a29df001N30sUlrVx11D4z','ses_e02e5f447ffeWBU1M2N6VR8532',1795247712735,1795247712814,'{"role":"user","time":{"created":1795247712735},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a29f900160jf6JWwT1H6c3','ses_e02e5f447ffeWBU1M2N6VR8532',1795247712761,1795247713434,'{"parentID":"msg_1fd1a29df001N30sUlrVx11D4z","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247712761,"completed":1795247713433},"finish":"stop"}');
CREATE TABLE `part` (
          `id` text PRIMARY KEY,
          `message_id` text NOT NULL,
          `session_id` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_part_message_id_message_id_fk` FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON DELETE CASCADE
        );
INSERT INTO "part" VALUES('prt_1fd1a0c3a00178w5TZQ7MxF1HV','msg_1fd1a0c130012vSPvi0YhXR4DZ','ses_e02e5f447ffeWBU1M2N6VR8532',1795247705956,1795247705959,'{"type":"text","text":"\"look around\""}');
INSERT INTO "part" VALUES('prt_zzzcontext1795247705147','msg_1fd1a0c130012vSPvi0YhXR4DZ','ses_e02e5f447ffeWBU1M2N6VR8532',1795247705960,1795247705961,'{"type":"text","text":"TURN-CONTEXT","synthetic":true}');
INSERT INTO "part" VALUES('prt_1fd1a137f001jJoSfxgfv4kXXq','msg_1fd1a0f78001BbKH0JVDL1aLNl','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707007,1795247707009,'{"snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a1382001OYhGpCobT0VkuQ','msg_1fd1a0f78001BbKH0JVDL1aLNl','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707012,1795247707074,'{"type":"text","text":"t","time":{"start":1795247707010,"end":1795247707073}}');
INSERT INTO "part" VALUES('prt_1fd1a138c001ZyZF4uDj3atmpW','msg_1fd1a0f78001BbKH0JVDL1aLNl','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707020,1795247707402,'{"type":"tool","tool":"task","callID":"call_07e6d189f93a461e","state":{"status":"completed","input":{"description":"scout","prompt":"Look for files.","subagent_type":"scout"},"output":"<task id=\"ses_e02e5ec6affenfYyYtSIXVSsa4\" state=\"completed\">\n<task_result>\nfound\n</task_result>\n</task>","metadata":{"parentSessionId":"ses_e02e5f447ffeWBU1M2N6VR8532","sessionId":"ses_e02e5ec6affenfYyYtSIXVSsa4","model":{"modelID":"scripted","providerID":"scripted"},"truncated":false},"title":"scout","time":{"start":1795247707038,"end":1795247707401}}}');
INSERT INTO "part" VALUES('prt_1fd1a13a8001TQya0PPnPi1RzO','msg_1fd1a13a40015bFqXvimv0x9fA','ses_e02e5ec6affenfYyYtSIXVSsa4',1795247707054,1795247707055,'{"type":"text","text":"Look for files."}');
INSERT INTO "part" VALUES('prt_zzzcontext1795247707048','msg_1fd1a13a40015bFqXvimv0x9fA','ses_e02e5ec6affenfYyYtSIXVSsa4',1795247707055,1795247707056,'{"type":"text","text":"TURN-CONTEXT","synthetic":true}');
INSERT INTO "part" VALUES('prt_1fd1a148c001lcUU8Gi5yaqhxo','msg_1fd1a13c9001Er1E9EIBm0ztJy','ses_e02e5ec6affenfYyYtSIXVSsa4',1795247707276,1795247707279,'{"snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a148f001nHHFA4a5lQUcrS','msg_1fd1a13c9001Er1E9EIBm0ztJy','ses_e02e5ec6affenfYyYtSIXVSsa4',1795247707280,1795247707282,'{"type":"text","text":"found","time":{"start":1795247707280,"end":1795247707281}}');
INSERT INTO "part" VALUES('prt_1fd1a14cd001XVU55yg7vUvz3a','msg_1fd1a13c9001Er1E9EIBm0ztJy','ses_e02e5ec6affenfYyYtSIXVSsa4',1795247707341,1795247707343,'{"reason":"stop","snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a1541001tg5uubp73VEjzX','msg_1fd1a0f78001BbKH0JVDL1aLNl','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707457,1795247707458,'{"reason":"tool-calls","snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a15c9001xI12ZxJB1RBQi5','msg_1fd1a15610019hCd9rMRjaXEQ7','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707594,1795247707595,'{"snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a15cc001SnCs2XMzZIiAO5','msg_1fd1a15610019hCd9rMRjaXEQ7','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707596,1795247707598,'{"type":"text","text":"Two files.","time":{"start":1795247707596,"end":1795247707597}}');
INSERT INTO "part" VALUES('prt_1fd1a15f2001US5JV5533vf8zq','msg_1fd1a15610019hCd9rMRjaXEQ7','ses_e02e5f447ffeWBU1M2N6VR8532',1795247707634,1795247707635,'{"reason":"stop","snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a1f45001ELVaO8jFFO00Rh','msg_1fd1a1f43001quyV4gIQh34a4D','ses_e02e5f447ffeWBU1M2N6VR8532',1795247710029,1795247710030,'{"type":"text","text":"# greet\nSay hello to the person by name.\n\n\nBase directory for this skill: /srv/work/notes/.agents/skills/greet\nRelative paths in this skill (e.g., scripts/, references/) are relative to this base directory.\n\n\"with a smile\""}');
INSERT INTO "part" VALUES('prt_zzzcontext1795247710021','msg_1fd1a1f43001quyV4gIQh34a4D','ses_e02e5f447ffeWBU1M2N6VR8532',1795247710032,1795247710032,'{"type":"text","text":"TURN-CONTEXT","synthetic":true}');
INSERT INTO "part" VALUES('prt_1fd1a21da001WxHcxxxevpaSak','msg_1fd1a1f5d001g3ag4DDsc3X18O','ses_e02e5f447ffeWBU1M2N6VR8532',1795247710682,1795247710683,'{"snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a21dd001Ont1Zc93ZLyE0X','msg_1fd1a1f5d001g3ag4DDsc3X18O','ses_e02e5f447ffeWBU1M2N6VR8532',1795247710685,1795247710688,'{"type":"text","text":"Also done.","time":{"start":1795247710685,"end":1795247710687}}');
INSERT INTO "part" VALUES('prt_1fd1a21f4001MNa7fcwYwYB1rL','msg_1fd1a1f5d001g3ag4DDsc3X18O','ses_e02e5f447ffeWBU1M2N6VR8532',1795247710708,1795247710709,'{"reason":"stop","snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a29e1001640MecxYmvAmbV','msg_1fd1a29df001N30sUlrVx11D4z','ses_e02e5f447ffeWBU1M2N6VR8532',1795247712745,1795247712746,'{"type":"text","text":"Tidy the folder.\n\nBe careful.\n\n\"the attic\""}');
INSERT INTO "part" VALUES('prt_zzzcontext1795247712737','msg_1fd1a29df001N30sUlrVx11D4z','ses_e02e5f447ffeWBU1M2N6VR8532',1795247712748,1795247712748,'{"type":"text","text":"TURN-CONTEXT","synthetic":true}');
INSERT INTO "part" VALUES('prt_1fd1a2c5d001hrtoZFwDTxSn8C','msg_1fd1a29f900160jf6JWwT1H6c3','ses_e02e5f447ffeWBU1M2N6VR8532',1795247713374,1795247713375,'{"snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a2c600010xxMnXq5LnqlRL','msg_1fd1a29f900160jf6JWwT1H6c3','ses_e02e5f447ffeWBU1M2N6VR8532',1795247713377,1795247713380,'{"type":"text","text":"Also done.","time":{"start":1795247713376,"end":1795247713380}}');
INSERT INTO "part" VALUES('prt_1fd1a2c820012M2txert4V3ay1','msg_1fd1a29f900160jf6JWwT1H6c3','ses_e02e5f447ffeWBU1M2N6VR8532',1795247713410,1795247713411,'{"reason":"stop","snapshot":"eb87a41ae8849da5cd517a33c1d904e7cd66fc96","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
CREATE TABLE `project` (
          `id` text PRIMARY KEY,
          `worktree` text NOT NULL,
          `vcs` text,
          `name` text,
          `icon_url` text,
          `icon_url_override` text,
          `icon_color` text,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `time_initialized` integer,
          `sandboxes` text NOT NULL,
          `commands` text
        );
INSERT INTO "project" VALUES('global','/srv/work/notes','git',NULL,NULL,NULL,NULL,1795247695631,1795247711783,NULL,'[]',NULL);
CREATE TABLE `session` (
          `id` text PRIMARY KEY,
          `project_id` text NOT NULL,
          `workspace_id` text,
          `parent_id` text,
          `slug` text NOT NULL,
          `directory` text NOT NULL,
          `path` text,
          `title` text NOT NULL,
          `version` text NOT NULL,
          `share_url` text,
          `summary_additions` integer,
          `summary_deletions` integer,
          `summary_files` integer,
          `summary_diffs` text,
          `metadata` text,
          `cost` real DEFAULT 0 NOT NULL,
          `tokens_input` integer DEFAULT 0 NOT NULL,
          `tokens_output` integer DEFAULT 0 NOT NULL,
          `tokens_reasoning` integer DEFAULT 0 NOT NULL,
          `tokens_cache_read` integer DEFAULT 0 NOT NULL,
          `tokens_cache_write` integer DEFAULT 0 NOT NULL,
          `revert` text,
          `permission` text,
          `agent` text,
          `model` text,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `time_compacting` integer,
          `time_archived` integer,
          CONSTRAINT `fk_session_project_id_project_id_fk` FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON DELETE CASCADE
        );
INSERT INTO "session" VALUES('ses_e02e5f447ffeWBU1M2N6VR8532','global',NULL,NULL,'stellar-planet','/srv/work/notes','','Short title','1.18.33',NULL,0,0,0,NULL,NULL,0.0,4000,200,0,0,0,NULL,'[{"permission":"question","pattern":"*","action":"deny"},{"permission":"plan_enter","pattern":"*","action":"deny"},{"permission":"plan_exit","pattern":"*","action":"deny"}]','build','{"id":"scripted","providerID":"scripted","variant":"default"}',1795247705016,1795247713440,NULL,NULL);
INSERT INTO "session" VALUES('ses_e02e5ec6affenfYyYtSIXVSsa4','global',NULL,'ses_e02e5f447ffeWBU1M2N6VR8532','jolly-knight','/srv/work/notes','','scout (@scout subagent)','1.18.33',NULL,0,0,0,NULL,NULL,0.0,1000,50,0,0,0,NULL,'[{"permission":"question","pattern":"*","action":"deny"},{"permission":"plan_enter","pattern":"*","action":"deny"},{"permission":"plan_exit","pattern":"*","action":"deny"},{"permission":"todowrite","pattern":"*","action":"deny"},{"permission":"task","pattern":"*","action":"deny"}]','scout','{"id":"scripted","providerID":"scripted","variant":"default"}',1795247707029,1795247707405,NULL,NULL);
CREATE TABLE `session_message` (
          `id` text PRIMARY KEY,
          `session_id` text NOT NULL,
          `type` text NOT NULL,
          `seq` integer NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_session_message_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
CREATE INDEX `message_session_time_created_id_idx` ON `message` (`session_id`,`time_created`,`id`);
CREATE INDEX `part_message_id_id_idx` ON `part` (`message_id`,`id`);
CREATE INDEX `part_session_idx` ON `part` (`session_id`);
CREATE UNIQUE INDEX `session_message_session_seq_idx` ON `session_message` (`session_id`,`seq`);
CREATE INDEX `session_message_session_type_seq_idx` ON `session_message` (`session_id`,`type`,`seq`);
CREATE INDEX `session_message_session_time_created_id_idx` ON `session_message` (`session_id`,`time_created`,`id`);
CREATE INDEX `session_message_time_created_idx` ON `session_message` (`time_created`);
CREATE INDEX `session_project_idx` ON `session` (`project_id`);
CREATE INDEX `session_workspace_idx` ON `session` (`workspace_id`);
CREATE INDEX `session_parent_idx` ON `session` (`parent_id`);
COMMIT;
