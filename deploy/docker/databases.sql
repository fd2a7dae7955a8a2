CREATE DATABASE pasindo_catalogue;
CREATE DATABASE pasindo_catalogue_keys;
CREATE DATABASE pasindo_orders;
CREATE DATABASE pasindo_payments;
CREATE DATABASE pasindo_ledger;
CREATE DATABASE pasindo_portal;
