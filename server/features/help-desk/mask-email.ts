/** zhangsan@example.com → z***@example.com; of an address without a name only the host is shown. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 0) return email && '***'
  const [first = ''] = email.slice(0, at)
  return `${first}***${email.slice(at)}`
}
