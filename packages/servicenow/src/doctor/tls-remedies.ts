/** What the text of a failed connection asks for; the first that matches counts. */
export const TLS_REMEDIES: readonly { readonly matches: RegExp; readonly change: string }[] = [
  {
    matches: /CERT_HAS_EXPIRED|certificate has expired/,
    change: 'The certificate of the instance has expired: it must be renewed there, or the clock of this machine is wrong.',
  },
  { matches: /CERT_NOT_YET_VALID/, change: 'The certificate is not valid yet: set the clock of this machine by NTP.' },
  {
    matches: /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|self-signed/,
    change:
      'Who signed the certificate is not trusted here: give the authority’s certificate with the connection (ca), or in NODE_EXTRA_CA_CERTS.',
  },
  { matches: /ALTNAME_INVALID/, change: 'The certificate is for another name: use the host name that it names.' },
  {
    matches: /certificate required|bad certificate|unknown ca|alert number (42|46|48|116)|ALERT_(BAD_CERTIFICATE|CERTIFICATE|UNKNOWN_CA)/i,
    change: 'The instance wants a client certificate that it knows: give certificate and key with the connection, and register them there.',
  },
  {
    matches: /WRONG_VERSION_NUMBER|packet length/i,
    change: 'There is no TLS on this port: check the port, or use http:// on this machine.',
  },
  { matches: /ECONNREFUSED/, change: 'Nothing listens there: check host and port, and whether the instance runs.' },
  { matches: /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|in time|CONNECT_TIMEOUT/, change: 'See whether a firewall or a proxy stands between.' },
  {
    matches: /ECONNRESET|socket hang up|UND_ERR_SOCKET/,
    change: 'The connection was cut: see whether a client certificate is asked for, or a firewall cuts it.',
  },
]
