DROP TABLE ledger_entries;
DROP TABLE transfer_words;
DROP TABLE transfers;
DROP TABLE holds;
DROP TABLE ledger_accounts;
DROP FUNCTION refuse_change_of_books();
