#!/bin/bash
# deploy/pgbackrest.conf for real: a backup, more rows, everything deleted, and back to the second before. As root, with Debian's
# postgresql-15 and pgbackrest: bash benchmarks/point_in_time.sh
set -e
FOLDER=$(mktemp -d)
mkdir -p $FOLDER/{repo,log,spool,lock,sock}; chown -R nobody $FOLDER
BIN=/usr/lib/postgresql/15/bin; D=$FOLDER/data
as() { setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME=$FOLDER "$@"; }
sed -e "s#repo1-path=.*#repo1-path=$FOLDER/repo#; s#…\$#plainly-invented#; s#pg1-path=.*#pg1-path=$D#" "$(dirname "$0")"/../deploy/pgbackrest.conf > $FOLDER/pgbackrest.conf
cat >> $FOLDER/pgbackrest.conf <<X
pg1-port=7654
pg1-socket-path=$FOLDER/sock
pg1-user=nobody
X
sed -i "s#^start-fast#log-path=$FOLDER/log\nspool-path=$FOLDER/spool\nlock-path=$FOLDER/lock\nstart-fast#" $FOLDER/pgbackrest.conf
P="pgbackrest --config=$FOLDER/pgbackrest.conf --stanza=portal"
as $BIN/initdb -D $D -U nobody -A trust -E UTF8 --lc-collate=C --lc-ctype=C.UTF-8 >/dev/null
cat >> $D/postgresql.conf <<X
port=7654
unix_socket_directories='$FOLDER/sock'
listen_addresses=''
archive_mode=on
archive_command='$P archive-push %p'
wal_level=replica
X
as $BIN/pg_ctl -D $D -l $FOLDER/log/pg -w start >/dev/null
q() { as psql -h $FOLDER/sock -p 7654 -d postgres -Atc "$1"; }
as $P stanza-create; q "create table seats(n int)"; q "insert into seats values (1)"
as $P backup --type=full
q "insert into seats values (2)"; sleep 1; T=$(q "select now()"); sleep 1
q "delete from seats"; q "select pg_switch_wal()" >/dev/null; sleep 2
as $BIN/pg_ctl -D $D -m immediate stop >/dev/null
as $P restore --delta --type=time "--target=$T" --target-action=promote
as $BIN/pg_ctl -D $D -l $FOLDER/log/pg -w start >/dev/null; sleep 2
echo "rows after restoring to $T, before everything was deleted: $(q 'select string_agg(n::text, chr(44)) from seats')"
as $P info | head -12
as $BIN/pg_ctl -D $D -m immediate stop >/dev/null
