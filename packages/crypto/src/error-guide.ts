import type { ErrorGuide } from '@bcos-ts/common'
import type { CryptoErrorCode } from './errors.ts'

export const cryptoErrorGuide: Readonly<Record<CryptoErrorCode, ErrorGuide>> = {
  CRYPTO_INVALID_KEY: {
    cause:
      'Bytes or a file that are no key of the curve that is asked for: zero, too large, of a wrong length, or a public key that does not belong to the secret one.',
    evidence: 'The command ends with `not a usable … key: …`, exit code 1; programs get it thrown.',
    remedy:
      'Use the key that was made for this place. SM2 and secp256k1 keys are not exchangeable.',
  },
  CRYPTO_INVALID_DIGEST: {
    cause: 'Something other than 32 bytes was to be signed.',
    evidence: 'Thrown to the program.',
    remedy: 'Hash the message with the suite of the chain first.',
  },
  CRYPTO_INVALID_DER: {
    cause: 'A key or certificate file has the frame of PEM, but what is inside cannot be read.',
    evidence:
      'The message names what was expected and where it ends: `not a valid certificate: …`.',
    remedy: 'The file is damaged or of another kind: copy it again, in binary mode.',
  },
  CRYPTO_INVALID_PEM: {
    cause:
      'A file that should hold PEM has no `-----BEGIN …` block, no end to it, or something other than base64 between.',
    evidence: '`not valid PEM text: …`; exit code 1.',
    remedy: 'Check that the right file is named: a key is no certificate, and a `.p12` is no PEM.',
  },
  CRYPTO_UNSUPPORTED: {
    cause: 'The file is well formed, but asks for an algorithm, curve or size that is not offered.',
    evidence: '`… is not supported: …` with the name or number of the algorithm.',
    remedy:
      'Convert it with openssl, such as `openssl pkcs8 -topk8 -nocrypt`. Chains know secp256k1, SM2, and RSA for channels.',
  },
  CRYPTO_WRONG_PASSWORD: {
    cause:
      'The password does not open the key store, or the file was changed after it was written.',
    evidence: '`wrong password for the …, or the file is damaged`; exit code 1.',
    remedy:
      'Try the password again. There is no way around it: restore the account from its backup.',
  },
  CRYPTO_CERTIFICATE_CHAIN: {
    cause:
      'A certificate does not lead to a trusted one: expired, not yet valid, unknown issuer, bad signature, an issuer that is no authority, or a path that is too long.',
    evidence:
      '`the certificate "…" is not trusted: …` names the certificate at fault and the reason.',
    remedy:
      '`bcos-ts cert show FILE` shows dates and issuers. Expired: issue it again from the agency. Unknown issuer: use the `ca.crt` of this chain.',
  },
  CRYPTO_CIPHER: {
    cause: 'Bytes cannot be decrypted: another key, or damaged data.',
    evidence: '`the cipher cannot go on: …`.',
    remedy: 'Use the key with which the data were encrypted, and a whole copy of them.',
  },
}
