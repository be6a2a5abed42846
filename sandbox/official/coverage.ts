/** A call of the official-account platform that the sandbox answers. */
export interface CoveredOfficialCall {
  method: 'GET' | 'POST' | 'GET, POST'
  /** Below `/official`, as below WeChat's hosts. */
  path: string
  /** Section of upstream.md, or from 13 on of upstream-2.md. */
  section: string
  about: string
}

const get = (path: string, section: string, about: string): CoveredOfficialCall => ({
  method: 'GET',
  path,
  section,
  about,
})
const post = (path: string, section: string, about: string): CoveredOfficialCall => ({
  ...get(path, section, about),
  method: 'POST',
})

/** Every call and page below /official. A test compares this table with the routes. */
export const officialCoverage: readonly CoveredOfficialCall[] = [
  get('/cgi-bin/token', '7.4', 'a new token; the old one lives five minutes more'),
  post('/cgi-bin/stable_token', '7.4', 'the same token until its last five minutes; by force a new one'),
  get('/cgi-bin/get_api_domain_ip', '7.7', "addresses of WeChat's API"),
  get('/cgi-bin/getcallbackip', '7.7', 'addresses that pushes come from'),
]
