DROP TRIGGER order_events_are_kept ON order_events;
DROP TRIGGER ledger_entries_are_kept ON ledger_entries;
DROP TRIGGER transfers_are_kept ON transfers;
