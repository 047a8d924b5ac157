# Makes, in the current folder, a throwaway authority and the certificate of the rehearsal's internet signed by it.
# Argument: its names as openssl's subjectAltName.
set -eu
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/CN=Rehearsal authority' \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout authority.key -out authority.pem
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=example.test' -keyout server.key -out server.csr
printf 'subjectAltName=%s\n' "$1" > server.ext
openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 30 -extfile server.ext \
  -out server.pem
rm authority.key
