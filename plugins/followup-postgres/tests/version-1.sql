CREATE TABLE followup_version (version integer NOT NULL);
INSERT INTO followup_version VALUES (1);
CREATE TABLE followup_entries (number bigint PRIMARY KEY, change bigint NOT NULL, at text NOT NULL, kind text NOT NULL, opportunity text NOT NULL, data text NOT NULL);
CREATE INDEX followup_entries_by_change ON followup_entries (change);
INSERT INTO followup_entries VALUES (1, 1, '2026-11-20T20:00:00+00:00', 'opened', 'initech', '{"format":1,"candidate":{"name":"Ana Souza","timezone":"America/Chicago"},"company":{"name":"Initech"},"position":{"title":"Data Engineer"},"people":{"dana":{"name":"Dana Whitfield","email":"dana@initech.example"}},"events":[{"type":"interview","id":"r1","at":"2026-11-20T10:00:00-06:00","with":["dana"]}]}');
INSERT INTO followup_entries VALUES (2, 2, '2026-11-20T20:00:00+00:00', 'happened', 'initech', '{"type":"reply","at":"2026-11-24T09:00:00-06:00","from":"dana","text":"We’ll see."}');
