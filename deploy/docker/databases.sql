-- A database and a login for each service, which owns nothing; whose password is empty cannot log in.
CREATE DATABASE pasindo_catalogue;
CREATE DATABASE pasindo_catalogue_keys;
CREATE DATABASE pasindo_orders;
CREATE DATABASE pasindo_payments;
CREATE DATABASE pasindo_ledger;
CREATE DATABASE pasindo_portal;

\getenv catalogue CATALOGUE_DATABASE_PASSWORD
CREATE ROLE catalogue LOGIN PASSWORD :'catalogue';

\getenv orders ORDERS_DATABASE_PASSWORD
CREATE ROLE orders LOGIN PASSWORD :'orders';

\getenv payments PAYMENTS_DATABASE_PASSWORD
CREATE ROLE payments LOGIN PASSWORD :'payments';

\getenv ledger LEDGER_DATABASE_PASSWORD
CREATE ROLE ledger LOGIN PASSWORD :'ledger';

\getenv portal PORTAL_DATABASE_PASSWORD
CREATE ROLE portal LOGIN PASSWORD :'portal';
