-- The books: accounts, transfers between them, and holds on what they have.
-- Times are microseconds since 1970, UTC. Amounts are in the account's currency's minor unit.

-- balance counts on the normal side: a credit account gains by credits. What open holds may still
-- take from it is held.
CREATE TABLE ledger_accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL CHECK (code <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    owner_id INTEGER REFERENCES users (id),
    currency TEXT NOT NULL,
    normal_side TEXT NOT NULL CHECK (normal_side IN ('debit', 'credit')),
    min_balance INTEGER,
    balance INTEGER NOT NULL DEFAULT 0,
    held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    created_at INTEGER NOT NULL,
    CONSTRAINT ledger_accounts_code_key UNIQUE (code),
    CONSTRAINT ledger_accounts_min_balance CHECK (min_balance IS NULL OR balance - held >= min_balance)
);
CREATE INDEX ledger_accounts_of_owner ON ledger_accounts (owner_id, id);

-- What is set aside on an account until it is captured (in all or in part), voided or expired.
CREATE TABLE holds (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL CHECK (id <> ''),
    debit_account_id INTEGER NOT NULL REFERENCES ledger_accounts (id),
    credit_account_id INTEGER NOT NULL REFERENCES ledger_accounts (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    captured INTEGER NOT NULL DEFAULT 0 CHECK (captured BETWEEN 0 AND amount),
    status TEXT NOT NULL CHECK (status IN ('open', 'captured', 'voided', 'expired')),
    reference TEXT NOT NULL DEFAULT '',
    memo TEXT NOT NULL DEFAULT '',
    actor_id INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    closed_at INTEGER,
    CONSTRAINT holds_id_key UNIQUE (id),
    CONSTRAINT holds_two_accounts CHECK (debit_account_id <> credit_account_id)
);
CREATE INDEX holds_open_by_expiry ON holds (expires_at) WHERE status = 'open';
CREATE INDEX holds_of_debit_account ON holds (debit_account_id, seq);
CREATE INDEX holds_of_credit_account ON holds (credit_account_id, seq);

-- id is chosen by whoever asks, so that asking twice moves the money once.
CREATE TABLE transfers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL CHECK (id <> ''),
    debit_account_id INTEGER NOT NULL REFERENCES ledger_accounts (id),
    credit_account_id INTEGER NOT NULL REFERENCES ledger_accounts (id),
    amount INTEGER NOT NULL CHECK (amount > 0),
    kind TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT '',
    memo TEXT NOT NULL DEFAULT '',
    reverses INTEGER REFERENCES transfers (seq),
    hold_seq INTEGER REFERENCES holds (seq),
    actor_id INTEGER REFERENCES users (id),
    posted_at INTEGER NOT NULL,
    CONSTRAINT transfers_id_key UNIQUE (id),
    CONSTRAINT transfers_reverses_key UNIQUE (reverses),
    CONSTRAINT transfers_two_accounts CHECK (debit_account_id <> credit_account_id)
);
-- The journal's filters, each in the journal's order.
CREATE INDEX transfers_of_debit_account ON transfers (debit_account_id, posted_at, seq);
CREATE INDEX transfers_of_credit_account ON transfers (credit_account_id, posted_at, seq);
CREATE INDEX transfers_of_kind ON transfers (kind, posted_at, seq);
CREATE INDEX transfers_of_amount ON transfers (amount, posted_at, seq);
CREATE INDEX transfers_of_reference ON transfers (reference, seq) WHERE reference <> '';
CREATE INDEX transfers_of_hold ON transfers (hold_seq) WHERE hold_seq IS NOT NULL;
CREATE INDEX transfers_by_time ON transfers (posted_at, seq);

-- The words of references and memos, for those transfers that have any.
CREATE VIRTUAL TABLE transfer_words USING fts5 (
    words, content = '', tokenize = 'unicode61 remove_diacritics 0'
);

-- The two sides of each transfer, with what the account had afterwards.
CREATE TABLE ledger_entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    transfer_seq INTEGER NOT NULL REFERENCES transfers (seq),
    account_id INTEGER NOT NULL REFERENCES ledger_accounts (id),
    side TEXT NOT NULL CHECK (side IN ('debit', 'credit')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    balance INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    CONSTRAINT ledger_entries_side_key UNIQUE (transfer_seq, side)
);
CREATE INDEX ledger_entries_of_account ON ledger_entries (account_id, seq);

-- What is posted stays as it is: a mistake is corrected by a transfer back.
CREATE TRIGGER transfers_stay BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'a transfer that is posted stays as it is'); END;
CREATE TRIGGER transfers_are_kept BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'a transfer that is posted is kept'); END;
CREATE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'an entry that is posted stays as it is'); END;
CREATE TRIGGER ledger_entries_are_kept BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'an entry that is posted is kept'); END;
