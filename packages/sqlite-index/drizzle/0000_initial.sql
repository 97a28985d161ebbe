CREATE TABLE `anomalies` (
	`workstream_id` text NOT NULL,
	`log` text NOT NULL,
	`sequence` integer NOT NULL,
	`kind` text NOT NULL,
	PRIMARY KEY(`workstream_id`, `log`, `sequence`, `kind`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `cache_question_notes` (
	`number` integer PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`note` blob NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cache_question_notes_key` ON `cache_question_notes` (`key`);--> statement-breakpoint
CREATE TABLE `cache_token_counts` (
	`workstream_id` text NOT NULL,
	`counter` text NOT NULL,
	`sequence` integer NOT NULL,
	`tokens` integer NOT NULL,
	PRIMARY KEY(`workstream_id`, `counter`, `sequence`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `cache_vector_heads` (
	`number` integer PRIMARY KEY NOT NULL,
	`workstream_id` text NOT NULL,
	`model` text NOT NULL,
	`embedded` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cache_vector_heads_workstream` ON `cache_vector_heads` (`workstream_id`,`model`);--> statement-breakpoint
CREATE TABLE `cache_vectors` (
	`row` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`vector` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `compression_attempts` (
	`workstream_id` text NOT NULL,
	`stamp` integer NOT NULL,
	`key` text NOT NULL,
	`outcome` text NOT NULL,
	PRIMARY KEY(`workstream_id`, `stamp`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `compression_batches` (
	`workstream_id` text NOT NULL,
	`id` text NOT NULL,
	`stamp` integer NOT NULL,
	`model` text NOT NULL,
	`keys` text NOT NULL,
	`owner` text NOT NULL,
	`claimed_at` text NOT NULL,
	`batch_id` text,
	`expires_at` text,
	`outcome` text,
	PRIMARY KEY(`workstream_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `compression_batches_open` ON `compression_batches` (`workstream_id`) WHERE "compression_batches"."outcome" IS NULL;--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`workstream_id` text NOT NULL,
	`log` text NOT NULL,
	`sequence` integer NOT NULL,
	`stamp` integer NOT NULL,
	PRIMARY KEY(`scope`, `key`, `workstream_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idempotency_keys_workstream` ON `idempotency_keys` (`workstream_id`);--> statement-breakpoint
CREATE TABLE `import_sources` (
	`format` text NOT NULL,
	`conversation_id` text NOT NULL,
	`workstream_id` text NOT NULL,
	PRIMARY KEY(`format`, `conversation_id`, `workstream_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `imported_messages` (
	`workstream_id` text NOT NULL,
	`key` text NOT NULL,
	`sequence` integer NOT NULL,
	PRIMARY KEY(`workstream_id`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `index_identity` (
	`id` integer PRIMARY KEY NOT NULL,
	`file` text NOT NULL,
	`last_stamp` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `log_heads` (
	`workstream_id` text NOT NULL,
	`log` text NOT NULL,
	`bytes` integer NOT NULL,
	`lines` integer NOT NULL,
	`last_line_offset` integer NOT NULL,
	`last_line_hash` text NOT NULL,
	`last_stamp` integer NOT NULL,
	`generation` text NOT NULL,
	PRIMARY KEY(`workstream_id`, `log`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `messages` (
	`row` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`session_id` text NOT NULL,
	`role` text NOT NULL,
	`stamp` integer NOT NULL,
	`promotion_id` text,
	`offset` integer NOT NULL,
	`length` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `messages_id` ON `messages` ("row" >> 32,`id`);--> statement-breakpoint
CREATE TABLE `promotions` (
	`workstream_id` text NOT NULL,
	`id` text NOT NULL,
	`target_id` text NOT NULL,
	`target_title` text,
	`coverage` text NOT NULL,
	`stamp` integer NOT NULL,
	`completed` integer NOT NULL,
	PRIMARY KEY(`workstream_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `promotions_pending` ON `promotions` (`workstream_id`) WHERE "promotions"."completed" = 0;--> statement-breakpoint
CREATE TABLE `search_authors` (
	`number` integer NOT NULL,
	`author` text NOT NULL,
	PRIMARY KEY(`number`, `author`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `search_messages` (
	`row` integer PRIMARY KEY NOT NULL,
	`said_ms` integer NOT NULL,
	`author` text
);
--> statement-breakpoint
CREATE TABLE `search_sessions` (
	`number` integer NOT NULL,
	`sequence` integer NOT NULL,
	`session_id` text NOT NULL,
	`said_ms` integer NOT NULL,
	PRIMARY KEY(`number`, `sequence`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `search_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`analyzer_version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `search_word_counts` (
	`number` integer NOT NULL,
	`block` integer NOT NULL,
	`counts` blob NOT NULL,
	PRIMARY KEY(`number`, `block`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `search_workstreams` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`workstream_id` text NOT NULL,
	`searched` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_workstreams_id` ON `search_workstreams` (`workstream_id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`workstream_id` text NOT NULL,
	`id` text NOT NULL,
	`ordinal` integer NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text,
	`status` text NOT NULL,
	`reason` text,
	`turn_count` integer NOT NULL,
	`message_count` integer NOT NULL,
	`summary` text,
	`last_activity_stamp` integer NOT NULL,
	PRIMARY KEY(`workstream_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_order` ON `sessions` (`workstream_id`,`ordinal`);--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_one_active` ON `sessions` (`workstream_id`) WHERE "sessions"."status" = 'active';--> statement-breakpoint
CREATE TABLE `summaries` (
	`workstream_id` text NOT NULL,
	`stamp` integer NOT NULL,
	`id` text NOT NULL,
	`session_id` text,
	`key` text,
	`coverage` text NOT NULL,
	`has_words` integer NOT NULL,
	`degraded` integer NOT NULL,
	`record` text NOT NULL,
	PRIMARY KEY(`workstream_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `summaries_degraded` ON `summaries` (`workstream_id`) WHERE "summaries"."degraded" = 1;--> statement-breakpoint
CREATE TABLE `turns` (
	`workstream_id` text NOT NULL,
	`interaction_id` text NOT NULL,
	`session_id` text NOT NULL,
	`message_id` text NOT NULL,
	`status` text NOT NULL,
	`owner` text NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text,
	`model` text,
	`usage` text,
	`cost_usd` real,
	`error` text,
	`error_message` text,
	PRIMARY KEY(`workstream_id`, `interaction_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `turns_one_running` ON `turns` (`workstream_id`) WHERE "turns"."status" = 'running';--> statement-breakpoint
CREATE INDEX `turns_failed` ON `turns` (`workstream_id`,`started_at`,`interaction_id`) WHERE "turns"."status" NOT IN ('ok', 'running');--> statement-breakpoint
CREATE TABLE `workstream_tags` (
	`workstream_id` text NOT NULL,
	`tag` text NOT NULL,
	PRIMARY KEY(`workstream_id`, `tag`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `workstreams` (
	`number` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`title` text,
	`title_folded` text,
	`summary` text,
	`is_scratch` integer NOT NULL,
	`state` text NOT NULL,
	`default_model` text,
	`tags` text NOT NULL,
	`metadata` text NOT NULL,
	`forked_from_workstream` text,
	`forked_from_message` text,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`last_message_at` text,
	`message_count` integer NOT NULL,
	`listed_ms` integer NOT NULL,
	`created` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `workstreams_id` ON `workstreams` (`id`);--> statement-breakpoint
CREATE INDEX `workstreams_order` ON `workstreams` (`listed_ms`,`id`,`state`);--> statement-breakpoint
CREATE INDEX `workstreams_title` ON `workstreams` (`title_folded`,`id`);
--> statement-breakpoint
-- Only tokens, no text: the text is in the logs. The tokens are those of our own analyzer; SQLite splits at the spaces that
-- we put between them and nowhere else.
CREATE VIRTUAL TABLE `search_tokens` USING fts5(
	`words`,
	`parts`,
	content='',
	contentless_delete=1,
	tokenize="ascii tokenchars '!#$%&()*+,-./:;<=>?@[\]^_`{|}~'"
);
--> statement-breakpoint
-- 16 MiB of tokens are sorted in memory before they are written: fewer pieces to merge when much is added at once.
INSERT INTO `search_tokens` (`search_tokens`, `rank`) VALUES ('hashsize', 16777216);
