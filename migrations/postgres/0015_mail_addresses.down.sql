DROP TABLE mails_sent;
DROP TABLE mail_addresses;
