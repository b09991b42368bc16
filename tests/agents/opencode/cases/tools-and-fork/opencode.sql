BEGIN TRANSACTION;
CREATE TABLE `message` (
          `id` text PRIMARY KEY,
          `session_id` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_message_session_id_session_id_fk` FOREIGN KEY (`session_id`) REFERENCES `session`(`id`) ON DELETE CASCADE
        );
INSERT INTO "message" VALUES('msg_1fd19dd8b001hI6eh2GLBIWN3u','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247693195,1795247697125,'{"role":"user","time":{"created":1795247693195},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd19e114001HPaRMVReF3kHMG','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247694100,1795247695674,'{"parentID":"msg_1fd19dd8b001hI6eh2GLBIWN3u","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247694100,"completed":1795247695671},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd19e73d001N2uoas7hPvKSdb','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695677,1795247696070,'{"parentID":"msg_1fd19dd8b001hI6eh2GLBIWN3u","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247695677,"completed":1795247696069},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd19e8c8001v7LxFYui2lqsOO','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696072,1795247696297,'{"parentID":"msg_1fd19dd8b001hI6eh2GLBIWN3u","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247696072,"completed":1795247696296},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd19e9ac001RPZAjhVXDWXTSn','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696300,1795247696727,'{"parentID":"msg_1fd19dd8b001hI6eh2GLBIWN3u","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247696300,"completed":1795247696726},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd19eb59001Jatm8kIYL4St8p','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696729,1795247697494,'{"parentID":"msg_1fd19dd8b001hI6eh2GLBIWN3u","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247696729,"completed":1795247697477},"finish":"stop"}');
INSERT INTO "message" VALUES('msg_1fd19fadd0012JmtvJhHsGqt1w','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247700701,1795247702827,'{"role":"user","time":{"created":1795247700701},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a01f4001RIC2unouTQRRNq','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247702516,1795247704127,'{"parentID":"msg_1fd19fadd0012JmtvJhHsGqt1w","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247702516,"completed":1795247704125},"finish":"stop"}');
INSERT INTO "message" VALUES('msg_1fd1a100000128SnFiignKFDpl','ses_e02e5f014ffePycFTuENVFicz6',1795247693195,1795247706113,'{"role":"user","time":{"created":1795247693195},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a1551001x1dweQ3dnfu1S5','ses_e02e5f014ffePycFTuENVFicz6',1795247694100,1795247707476,'{"parentID":"msg_1fd1a100000128SnFiignKFDpl","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247694100,"completed":1795247695671},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd1a156c001ZtPwmqBkgYeBs4','ses_e02e5f014ffePycFTuENVFicz6',1795247695677,1795247707500,'{"parentID":"msg_1fd1a100000128SnFiignKFDpl","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247695677,"completed":1795247696069},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd1a1575001vWi0giL5yh6IGF','ses_e02e5f014ffePycFTuENVFicz6',1795247696072,1795247707510,'{"parentID":"msg_1fd1a100000128SnFiignKFDpl","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247696072,"completed":1795247696296},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd1a1596001Cj6WBJEWTqLRyd','ses_e02e5f014ffePycFTuENVFicz6',1795247696300,1795247707543,'{"parentID":"msg_1fd1a100000128SnFiignKFDpl","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247696300,"completed":1795247696726},"finish":"tool-calls"}');
INSERT INTO "message" VALUES('msg_1fd1a15a8001lmAD96tzCfOuqh','ses_e02e5f014ffePycFTuENVFicz6',1795247696729,1795247707563,'{"parentID":"msg_1fd1a100000128SnFiignKFDpl","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247696729,"completed":1795247697477},"finish":"stop"}');
INSERT INTO "message" VALUES('msg_1fd1a15bf001OMW5F7sAdlw0gc','ses_e02e5f014ffePycFTuENVFicz6',1795247700701,1795247707584,'{"role":"user","time":{"created":1795247700701},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a15c10013GefKhNnrUsVyN','ses_e02e5f014ffePycFTuENVFicz6',1795247702516,1795247707586,'{"parentID":"msg_1fd1a15bf001OMW5F7sAdlw0gc","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247702516,"completed":1795247704125},"finish":"stop"}');
INSERT INTO "message" VALUES('msg_1fd1a1611001BURhfHYdiivvRy','ses_e02e5f014ffePycFTuENVFicz6',1795247707665,1795247707774,'{"role":"user","time":{"created":1795247707665},"agent":"build","model":{"providerID":"scripted","modelID":"scripted"},"summary":{"diffs":[]}}');
INSERT INTO "message" VALUES('msg_1fd1a1623001mU2kFzUoEPT22A','ses_e02e5f014ffePycFTuENVFicz6',1795247707683,1795247708623,'{"parentID":"msg_1fd1a1611001BURhfHYdiivvRy","role":"assistant","mode":"build","agent":"build","path":{"cwd":"/srv/work/notes","root":"/srv/work/notes"},"cost":0,"tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"modelID":"scripted","providerID":"scripted","time":{"created":1795247707683,"completed":1795247708622},"finish":"stop"}');
CREATE TABLE `part` (
          `id` text PRIMARY KEY,
          `message_id` text NOT NULL,
          `session_id` text NOT NULL,
          `time_created` integer NOT NULL,
          `time_updated` integer NOT NULL,
          `data` text NOT NULL,
          CONSTRAINT `fk_part_message_id_message_id_fk` FOREIGN KEY (`message_id`) REFERENCES `message`(`id`) ON DELETE CASCADE
        );
INSERT INTO "part" VALUES('prt_1fd19dd92001vRCowjJStNze8d','msg_1fd19dd8b001hI6eh2GLBIWN3u','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247694072,1795247694075,'{"type":"text","text":"\"Run the checks, then the notes\""}');
INSERT INTO "part" VALUES('prt_1fd19e5a9001a2OhxOYFtxL045','msg_1fd19e114001HPaRMVReF3kHMG','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695273,1795247695275,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd19e5ad001oztg4whkPD7u34','msg_1fd19e114001HPaRMVReF3kHMG','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695277,1795247695310,'{"type":"text","text":"Running the check.","time":{"start":1795247695277,"end":1795247695309}}');
INSERT INTO "part" VALUES('prt_1fd19e5b4001SOdyEDEJvhJpph','msg_1fd19e114001HPaRMVReF3kHMG','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695286,1795247695461,'{"type":"tool","tool":"bash","callID":"call_e53caa88affc413d","state":{"status":"completed","input":{"command":"./check.sh","description":"check"},"output":"check: MODE is not fast\n","metadata":{"output":"check: MODE is not fast\n","exit":3,"truncated":false},"title":"./check.sh","time":{"start":1795247695300,"end":1795247695459}}}');
INSERT INTO "part" VALUES('prt_1fd19e6f3001JI3PoEwMuRP6iO','msg_1fd19e114001HPaRMVReF3kHMG','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695604,1795247695605,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd19e7d4001L82Z44BasfOIpz','msg_1fd19e73d001N2uoas7hPvKSdb','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695828,1795247695829,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd19e7d7001IjWVSKZRE5g72t','msg_1fd19e73d001N2uoas7hPvKSdb','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695831,1795247695848,'{"type":"text","text":"It wants MODE.","time":{"start":1795247695831,"end":1795247695847}}');
INSERT INTO "part" VALUES('prt_1fd19e7da001C7tyTxbfjjgoMm','msg_1fd19e73d001N2uoas7hPvKSdb','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695834,1795247695872,'{"type":"tool","tool":"bash","callID":"call_8256b1924b724692","state":{"status":"completed","input":{"command":"MODE=fast ./check.sh","description":"check"},"output":"2 passed\n","metadata":{"output":"2 passed\n","exit":0,"truncated":false},"title":"MODE=fast ./check.sh","time":{"start":1795247695838,"end":1795247695871}}}');
INSERT INTO "part" VALUES('prt_1fd19e873001Oyog8zEBATX02E','msg_1fd19e73d001N2uoas7hPvKSdb','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247695987,1795247695990,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd19e90b001ROeX5u0xq0qk7h','msg_1fd19e8c8001v7LxFYui2lqsOO','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696139,1795247696140,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd19e90d001B2TV8HcgqYesho','msg_1fd19e8c8001v7LxFYui2lqsOO','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696141,1795247696158,'{"type":"text","text":"Now the notes.","time":{"start":1795247696141,"end":1795247696157}}');
INSERT INTO "part" VALUES('prt_1fd19e911001HEWORLYmoyvWcp','msg_1fd19e8c8001v7LxFYui2lqsOO','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696145,1795247696180,'{"type":"tool","tool":"read","callID":"call_32da2861e9f745b6","state":{"status":"completed","input":{"filePath":"/srv/work/notes/notes.md"},"output":"<path>/srv/work/notes/notes.md</path>\n<type>file</type>\n<content>\n1: # Notes\n2: \n3: first line\n\n(End of file - total 3 lines)\n</content>","metadata":{"preview":"# Notes\n\nfirst line","truncated":false,"loaded":[],"display":{"type":"file","path":"/srv/work/notes/notes.md","text":"# Notes\n\nfirst line","lineStart":1,"lineEnd":3,"totalLines":3,"truncated":false}},"title":"notes.md","time":{"start":1795247696149,"end":1795247696175}}}');
INSERT INTO "part" VALUES('prt_1fd19e9170017eitHZpcnXhABk','msg_1fd19e8c8001v7LxFYui2lqsOO','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696151,1795247696165,'{"type":"tool","tool":"edit","callID":"call_08b772007f0d4be1","state":{"status":"error","input":{"filePath":"/srv/work/notes/notes.md","oldString":"no such text","newString":"y"},"error":"Could not find oldString in the file. It must match exactly, including whitespace, indentation, and line endings.","time":{"start":1795247696155,"end":1795247696164}}}');
INSERT INTO "part" VALUES('prt_1fd19e97c001XyUousQze0iNoC','msg_1fd19e8c8001v7LxFYui2lqsOO','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696252,1795247696253,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd19ea1e001vKYXE3XC9PWH0F','msg_1fd19e9ac001RPZAjhVXDWXTSn','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696414,1795247696415,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd19ea20001bTr4soptAgyku0','msg_1fd19e9ac001RPZAjhVXDWXTSn','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696416,1795247696443,'{"type":"tool","tool":"invalid","callID":"call_d1e23617a3e04909","state":{"status":"completed","input":{"tool":"no_such_tool","error":"Model tried to call unavailable tool ''no_such_tool''. Available tools: bash, edit, glob, grep, invalid, read, skill, task, todowrite, webfetch, write."},"output":"The arguments provided to the tool are invalid: Model tried to call unavailable tool ''no_such_tool''. Available tools: bash, edit, glob, grep, invalid, read, skill, task, todowrite, webfetch, write.","metadata":{"truncated":false},"title":"Invalid Tool","time":{"start":1795247696424,"end":1795247696443}}}');
INSERT INTO "part" VALUES('prt_1fd19ea2b001OZWqagWhYUMbJA','msg_1fd19e9ac001RPZAjhVXDWXTSn','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696427,1795247696452,'{"type":"tool","tool":"todowrite","callID":"call_c61750b9e1aa4d43","state":{"status":"completed","input":{"todos":[{"content":"a","status":"pending","priority":"low","id":"1"}]},"output":"[\n  {\n    \"content\": \"a\",\n    \"status\": \"pending\",\n    \"priority\": \"low\"\n  }\n]","metadata":{"todos":[{"content":"a","status":"pending","priority":"low"}],"truncated":false},"title":"1 todos","time":{"start":1795247696445,"end":1795247696451}}}');
INSERT INTO "part" VALUES('prt_1fd19eace001oyCmi8W7JKC9SX','msg_1fd19e9ac001RPZAjhVXDWXTSn','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696590,1795247696591,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd19ec2d001pWy1sKnZkf6RMZ','msg_1fd19eb59001Jatm8kIYL4St8p','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696941,1795247696943,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd19ec300018ci6DhnS63NlE4','msg_1fd19eb59001Jatm8kIYL4St8p','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247696944,1795247696947,'{"type":"text","text":"All done.","time":{"start":1795247696944,"end":1795247696946}}');
INSERT INTO "part" VALUES('prt_1fd19ed89001IzfBjQ4j3xq1Vw','msg_1fd19eb59001Jatm8kIYL4St8p','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247697289,1795247697293,'{"reason":"stop","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd19fadf001dm4LjGgje5KePP','msg_1fd19fadd0012JmtvJhHsGqt1w','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247702481,1795247702483,'{"type":"text","text":"\"say \\\"hi\\\" too\""}');
INSERT INTO "part" VALUES('prt_1fd1a07d9001UAG80Wl67IQRR2','msg_1fd1a01f4001RIC2unouTQRRNq','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247704025,1795247704027,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a07dc001UCHP0i5VRC5p7I','msg_1fd1a01f4001RIC2unouTQRRNq','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247704028,1795247704032,'{"type":"text","text":"Also done.","time":{"start":1795247704028,"end":1795247704031}}');
INSERT INTO "part" VALUES('prt_1fd1a081a001J5S8kYxm6kfyrD','msg_1fd1a01f4001RIC2unouTQRRNq','ses_e02e622f3ffef0b4f5Q8oRCkQw',1795247704090,1795247704092,'{"reason":"stop","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a154d001Ua0sKL6nCS4mxU','msg_1fd1a100000128SnFiignKFDpl','ses_e02e5f014ffePycFTuENVFicz6',1795247707469,1795247707471,'{"type":"text","text":"\"Run the checks, then the notes\""}');
INSERT INTO "part" VALUES('prt_1fd1a1554001GiZ8w8KcWY1IDX','msg_1fd1a1551001x1dweQ3dnfu1S5','ses_e02e5f014ffePycFTuENVFicz6',1795247707476,1795247707479,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a15580016KbCuVAtDwPQMa','msg_1fd1a1551001x1dweQ3dnfu1S5','ses_e02e5f014ffePycFTuENVFicz6',1795247707480,1795247707481,'{"type":"text","text":"Running the check.","time":{"start":1795247695277,"end":1795247695309}}');
INSERT INTO "part" VALUES('prt_1fd1a155a0017wb9L1VaOekN7t','msg_1fd1a1551001x1dweQ3dnfu1S5','ses_e02e5f014ffePycFTuENVFicz6',1795247707482,1795247707492,'{"type":"tool","tool":"bash","callID":"call_e53caa88affc413d","state":{"status":"completed","input":{"command":"./check.sh","description":"check"},"output":"check: MODE is not fast\n","metadata":{"output":"check: MODE is not fast\n","exit":3,"truncated":false},"title":"./check.sh","time":{"start":1795247695300,"end":1795247695459}}}');
INSERT INTO "part" VALUES('prt_1fd1a156500132DJCKxN2S5Jxh','msg_1fd1a1551001x1dweQ3dnfu1S5','ses_e02e5f014ffePycFTuENVFicz6',1795247707493,1795247707494,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a156d0013Q9sX5wODcDaGF','msg_1fd1a156c001ZtPwmqBkgYeBs4','ses_e02e5f014ffePycFTuENVFicz6',1795247707501,1795247707503,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a1570001RFXeTmB8CrMTmD','msg_1fd1a156c001ZtPwmqBkgYeBs4','ses_e02e5f014ffePycFTuENVFicz6',1795247707504,1795247707505,'{"type":"text","text":"It wants MODE.","time":{"start":1795247695831,"end":1795247695847}}');
INSERT INTO "part" VALUES('prt_1fd1a1572001Kg56bnjRSW1YTY','msg_1fd1a156c001ZtPwmqBkgYeBs4','ses_e02e5f014ffePycFTuENVFicz6',1795247707506,1795247707507,'{"type":"tool","tool":"bash","callID":"call_8256b1924b724692","state":{"status":"completed","input":{"command":"MODE=fast ./check.sh","description":"check"},"output":"2 passed\n","metadata":{"output":"2 passed\n","exit":0,"truncated":false},"title":"MODE=fast ./check.sh","time":{"start":1795247695838,"end":1795247695871}}}');
INSERT INTO "part" VALUES('prt_1fd1a15740016rkHSgMYNsdVeo','msg_1fd1a156c001ZtPwmqBkgYeBs4','ses_e02e5f014ffePycFTuENVFicz6',1795247707508,1795247707508,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a1577001gC3OaFdpWDgg0V','msg_1fd1a1575001vWi0giL5yh6IGF','ses_e02e5f014ffePycFTuENVFicz6',1795247707511,1795247707531,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a158c0013NR1NGhzFwng2z','msg_1fd1a1575001vWi0giL5yh6IGF','ses_e02e5f014ffePycFTuENVFicz6',1795247707532,1795247707533,'{"type":"text","text":"Now the notes.","time":{"start":1795247696141,"end":1795247696157}}');
INSERT INTO "part" VALUES('prt_1fd1a158d001RnjI4edt2WeMoy','msg_1fd1a1575001vWi0giL5yh6IGF','ses_e02e5f014ffePycFTuENVFicz6',1795247707534,1795247707535,'{"type":"tool","tool":"read","callID":"call_32da2861e9f745b6","state":{"status":"completed","input":{"filePath":"/srv/work/notes/notes.md"},"output":"<path>/srv/work/notes/notes.md</path>\n<type>file</type>\n<content>\n1: # Notes\n2: \n3: first line\n\n(End of file - total 3 lines)\n</content>","metadata":{"preview":"# Notes\n\nfirst line","truncated":false,"loaded":[],"display":{"type":"file","path":"/srv/work/notes/notes.md","text":"# Notes\n\nfirst line","lineStart":1,"lineEnd":3,"totalLines":3,"truncated":false}},"title":"notes.md","time":{"start":1795247696149,"end":1795247696175}}}');
INSERT INTO "part" VALUES('prt_1fd1a1590001ZFtyIFTCEeO1MV','msg_1fd1a1575001vWi0giL5yh6IGF','ses_e02e5f014ffePycFTuENVFicz6',1795247707536,1795247707539,'{"type":"tool","tool":"edit","callID":"call_08b772007f0d4be1","state":{"status":"error","input":{"filePath":"/srv/work/notes/notes.md","oldString":"no such text","newString":"y"},"error":"Could not find oldString in the file. It must match exactly, including whitespace, indentation, and line endings.","time":{"start":1795247696155,"end":1795247696164}}}');
INSERT INTO "part" VALUES('prt_1fd1a1594001WSkekN9kuZj4IK','msg_1fd1a1575001vWi0giL5yh6IGF','ses_e02e5f014ffePycFTuENVFicz6',1795247707540,1795247707541,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a1598001HazzqaMvkewtvY','msg_1fd1a1596001Cj6WBJEWTqLRyd','ses_e02e5f014ffePycFTuENVFicz6',1795247707544,1795247707544,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a15a2001L23s3Sd3tW2UYz','msg_1fd1a1596001Cj6WBJEWTqLRyd','ses_e02e5f014ffePycFTuENVFicz6',1795247707555,1795247707555,'{"type":"tool","tool":"invalid","callID":"call_d1e23617a3e04909","state":{"status":"completed","input":{"tool":"no_such_tool","error":"Model tried to call unavailable tool ''no_such_tool''. Available tools: bash, edit, glob, grep, invalid, read, skill, task, todowrite, webfetch, write."},"output":"The arguments provided to the tool are invalid: Model tried to call unavailable tool ''no_such_tool''. Available tools: bash, edit, glob, grep, invalid, read, skill, task, todowrite, webfetch, write.","metadata":{"truncated":false},"title":"Invalid Tool","time":{"start":1795247696424,"end":1795247696443}}}');
INSERT INTO "part" VALUES('prt_1fd1a15a4001AoRlUbEWTEveGO','msg_1fd1a1596001Cj6WBJEWTqLRyd','ses_e02e5f014ffePycFTuENVFicz6',1795247707556,1795247707558,'{"type":"tool","tool":"todowrite","callID":"call_c61750b9e1aa4d43","state":{"status":"completed","input":{"todos":[{"content":"a","status":"pending","priority":"low","id":"1"}]},"output":"[\n  {\n    \"content\": \"a\",\n    \"status\": \"pending\",\n    \"priority\": \"low\"\n  }\n]","metadata":{"todos":[{"content":"a","status":"pending","priority":"low"}],"truncated":false},"title":"1 todos","time":{"start":1795247696445,"end":1795247696451}}}');
INSERT INTO "part" VALUES('prt_1fd1a15a7001wzLHOiZ8CyYS9T','msg_1fd1a1596001Cj6WBJEWTqLRyd','ses_e02e5f014ffePycFTuENVFicz6',1795247707559,1795247707559,'{"reason":"tool-calls","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a15ac00165XUWUFHSMx0gu','msg_1fd1a15a8001lmAD96tzCfOuqh','ses_e02e5f014ffePycFTuENVFicz6',1795247707564,1795247707565,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a15ad001GoO539UvX5Zv5N','msg_1fd1a15a8001lmAD96tzCfOuqh','ses_e02e5f014ffePycFTuENVFicz6',1795247707565,1795247707569,'{"type":"text","text":"All done.","time":{"start":1795247696944,"end":1795247696946}}');
INSERT INTO "part" VALUES('prt_1fd1a15bd0013HbK831m1liWye','msg_1fd1a15a8001lmAD96tzCfOuqh','ses_e02e5f014ffePycFTuENVFicz6',1795247707581,1795247707582,'{"reason":"stop","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a15c000150t1iP3gi8auik','msg_1fd1a15bf001OMW5F7sAdlw0gc','ses_e02e5f014ffePycFTuENVFicz6',1795247707584,1795247707585,'{"type":"text","text":"\"say \\\"hi\\\" too\""}');
INSERT INTO "part" VALUES('prt_1fd1a15c6001hUJOt3RD6gb7wC','msg_1fd1a15c10013GefKhNnrUsVyN','ses_e02e5f014ffePycFTuENVFicz6',1795247707590,1795247707591,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a15c7001hk04QnNF6Rx0Lm','msg_1fd1a15c10013GefKhNnrUsVyN','ses_e02e5f014ffePycFTuENVFicz6',1795247707591,1795247707592,'{"type":"text","text":"Also done.","time":{"start":1795247704028,"end":1795247704031}}');
INSERT INTO "part" VALUES('prt_1fd1a15de00175fLgvt8a84v0k','msg_1fd1a15c10013GefKhNnrUsVyN','ses_e02e5f014ffePycFTuENVFicz6',1795247707614,1795247707615,'{"reason":"stop","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
INSERT INTO "part" VALUES('prt_1fd1a16170016EDOkawpwkyZYS','msg_1fd1a1611001BURhfHYdiivvRy','ses_e02e5f014ffePycFTuENVFicz6',1795247707673,1795247707673,'{"type":"text","text":"\"and in the fork\""}');
INSERT INTO "part" VALUES('prt_1fd1a195b0019DXqMahUNgyqKI','msg_1fd1a1623001mU2kFzUoEPT22A','ses_e02e5f014ffePycFTuENVFicz6',1795247708507,1795247708508,'{"snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-start"}');
INSERT INTO "part" VALUES('prt_1fd1a195e001TQlCnTtQcLR7fd','msg_1fd1a1623001mU2kFzUoEPT22A','ses_e02e5f014ffePycFTuENVFicz6',1795247708510,1795247708514,'{"type":"text","text":"Also done.","time":{"start":1795247708510,"end":1795247708514}}');
INSERT INTO "part" VALUES('prt_1fd1a1992001b9rROeJ3nn7Pf2','msg_1fd1a1623001mU2kFzUoEPT22A','ses_e02e5f014ffePycFTuENVFicz6',1795247708562,1795247708563,'{"reason":"stop","snapshot":"4f52e9497120c978b5c4a1d184530fb16bfa7f15","type":"step-finish","tokens":{"total":1050,"input":1000,"output":50,"reasoning":0,"cache":{"write":0,"read":0}},"cost":0}');
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
INSERT INTO "project" VALUES('global','/srv/work/notes','git',NULL,NULL,NULL,NULL,1795247691969,1795247705603,NULL,'[]',NULL);
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
INSERT INTO "session" VALUES('ses_e02e622f3ffef0b4f5Q8oRCkQw','global',NULL,NULL,'gentle-falcon','/srv/work/notes','','Short title','1.18.33',NULL,0,0,0,NULL,NULL,0.0,6000,300,0,0,0,NULL,'[{"permission":"question","pattern":"*","action":"deny"},{"permission":"plan_enter","pattern":"*","action":"deny"},{"permission":"plan_exit","pattern":"*","action":"deny"}]','build','{"id":"scripted","providerID":"scripted","variant":"default"}',1795247693068,1795247704133,NULL,NULL);
INSERT INTO "session" VALUES('ses_e02e5f014ffePycFTuENVFicz6','global',NULL,NULL,'crisp-panda','/srv/work/notes','','Short title (fork #1)','1.18.33',NULL,0,0,0,NULL,NULL,0.0,7000,350,0,0,0,NULL,NULL,'build','{"id":"scripted","providerID":"scripted","variant":"default"}',1795247706091,1795247708629,NULL,NULL);
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
