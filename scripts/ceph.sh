#!/usr/bin/env bash
# A Ceph RADOS gateway for tests: one monitor, one store, one gateway, on loopback and random free ports, with everything
# they write under one folder.
#
#   scripts/ceph.sh install         installs Debian's packages (as root)
#   scripts/ceph.sh start FOLDER    starts it, and prints lines for eval: address, keys and the bucket's name
#   scripts/ceph.sh stop FOLDER     stops what was started in the folder, by process id
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/servers.sh"

readonly bucket=tandem-test key=TANDEMTESTKEY secret=tandem-test-secret

install() {
  command -v radosgw >/dev/null && command -v ceph-mon >/dev/null && command -v ceph-osd >/dev/null &&
    command -v curl >/dev/null && return
  install_packages ceph-mon ceph-osd radosgw ceph-common curl
}

write_configuration() {
  local folder="$1" cluster="$2"
  cat >"$folder/ceph.conf" <<C
[global]
fsid = $cluster
mon_host = [v2:127.0.0.1:$(free_port),v1:127.0.0.1:$(free_port)]
ms_bind_ipv6 = false
public_network = 127.0.0.0/8
cluster_network = 127.0.0.0/8
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_allow_insecure_global_id_reclaim = false
mon_warn_on_pool_no_redundancy = false
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
mon_data_avail_warn = 1
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
osd_objectstore = bluestore
osd_memory_target = 939524096
bluestore_block_size = 8589934592
bluestore_block_create = true
rgw_rados_pool_pg_num_min = 8
rgw_enable_usage_log = false
rgw_enable_apis = s3, admin
rgw_thread_pool_size = 64
rgw_num_rados_handles = 1
rgw_dns_name =
run_dir = $folder
log_file = $folder/log/\$name.log
admin_socket = $folder/\$name.asok
pid_file = $folder/\$name.pid
keyring = $folder/keyring
mon_data = $folder/mon
osd_data = $folder/osd
rgw_data = $folder/rgw
C
}

write_keys() {
  ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool keyring --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
  ceph-authtool keyring --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
  ceph-authtool keyring --gen-key -n client.rgw.a --cap mon 'allow rw' --cap osd 'allow rwx'
}

start_monitor() {
  local address
  address="$(sed -n 's/^mon_host = //p' ceph.conf)"
  monmaptool --create --clobber --addv a "$address" --fsid "$1" monmap
  ceph-mon -c ceph.conf --mkfs -i a --monmap monmap --keyring keyring
  ceph-mon -c ceph.conf -i a
  wait_for 30 timeout 30 ceph -c ceph.conf osd stat
}

osd_is_up() { ceph -c ceph.conf osd stat 2>/dev/null | grep -q '1 up'; }

start_osd() {
  local id
  id="$(cat /proc/sys/kernel/random/uuid)"
  ceph -c ceph.conf osd new "$id"
  ceph-osd -c ceph.conf -i 0 --mkfs --osd-uuid "$id"
  ceph-osd -c ceph.conf -i 0
  wait_for 900 osd_is_up
}

make_bucket() {
  curl -sf --max-time 60 --aws-sigv4 aws:amz:us-east-1:s3 --user "$key:$secret" \
    -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" -X PUT "$1"
}

start_gateway() {
  # Without tcp_nodelay every call costs 45 ms.
  radosgw -c ceph.conf -n client.rgw.a --keyring="$PWD/keyring" \
    --rgw-frontends="beast endpoint=127.0.0.1:$1 tcp_nodelay=1"
  wait_for 1500 answers "$1"
  radosgw-admin -c ceph.conf user create --uid=tandem --display-name=tandem --access-key=$key --secret=$secret
  make_bucket "http://127.0.0.1:$1/$bucket"
}

start() {
  local folder="$1" cluster port
  mkdir -p "$folder"/{mon,osd,rgw,log}
  folder="$(cd "$folder" && pwd)"
  cd "$folder"
  cluster="$(cat /proc/sys/kernel/random/uuid)"
  port="$(free_port)"
  write_configuration "$folder" "$cluster"
  {
    write_keys && start_monitor "$cluster" && start_osd && start_gateway "$port"
  } >"$folder/log/start.txt" 2>&1 </dev/null || {
    tail -n 20 "$folder/log/start.txt" >&2
    stop "$folder"
    fail "the gateway did not start; $folder/log tells more."
  }
  printf 'export TANDEM_TEST_S3=http://127.0.0.1:%s TANDEM_TEST_S3_BUCKET=%s\n' "$port" "$bucket"
  printf 'export TANDEM_TEST_S3_KEY=%s TANDEM_TEST_S3_SECRET=%s\n' "$key" "$secret"
}

stop() {
  local file pid
  for file in "$1"/*.pid; do
    [ -s "$file" ] || continue
    pid="$(cat "$file")"
    # Test data need no farewell, which takes the store some seconds.
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$file"
  done
}

case "${1:-} ${2:+folder}" in
  "install ") install ;;
  "start folder") start "$2" ;;
  "stop folder") stop "$2" ;;
  *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
