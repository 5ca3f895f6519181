/**
 * Files for those who make further certificates of the chain with the openssl command and the scripts of 2.x.
 * Nothing here reads them. The names of the sections are those that the scripts ask for.
 * @module
 */
const REQUEST = `# For the openssl command, to make further certificates of this chain.

[ ca ]
default_ca = chain

[ chain ]
default_days = 36500
policy = any_name

[ any_name ]
commonName = supplied
organizationName = optional
organizationalUnitName = optional

[ req ]
distinguished_name = name

[ name ]
commonName = Name of the node, the SDK or the agency
organizationName = Organization
organizationName_default = fisco-bcos
organizationalUnitName = Kind: node, sdk or agency
`

/** `cert.cnf`: extensions of certificates on secp256k1 (spec 04 §13.3). */
export function certCnf(): string {
  return `${REQUEST}
# nodes and SDKs
[ v3_req ]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature, keyEncipherment

# agencies
[ v4_req ]
basicConstraints = CA:TRUE
`
}

/** `gmcert.cnf`: the same on SM2, where a node has one certificate to sign and one to encrypt. */
export function gmcertCnf(): string {
  const authority = `subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
basicConstraints = CA:TRUE
keyUsage = cRLSign, keyCertSign
`
  return `${REQUEST}
# nodes and SDKs, to sign
[ v3_req ]
basicConstraints = CA:FALSE
keyUsage = nonRepudiation, digitalSignature

# nodes and SDKs, to encrypt
[ v3enc_req ]
basicConstraints = CA:FALSE
keyUsage = keyAgreement, keyEncipherment, dataEncipherment

# agencies
[ v3_agency_root ]
${authority}
# the chain
[ v3_ca ]
${authority}`
}

/** `gmsm2.param`: the curve SM2, 1.2.156.10197.1.301, as a file. */
export function sm2Parameters(): string {
  return `-----BEGIN EC PARAMETERS-----
BggqgRzPVQGCLQ==
-----END EC PARAMETERS-----
`
}
