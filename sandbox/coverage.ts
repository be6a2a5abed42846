/** An upstream call that the sandbox answers. */
export interface CoveredCall {
  method: 'GET' | 'POST'
  path: string
  /** Section of upstream.md. */
  section: string
  about: string
}

const row = (method: 'GET' | 'POST', path: string, section: string, about: string): CoveredCall => ({
  method,
  path: `/cgi-bin/${path}`,
  section,
  about,
})

const page = (path: string, about: string): CoveredCall => ({ method: 'GET', path, section: '6', about })

/** Every upstream call that the sandbox answers. A test compares this table with the routes. */
export const coverage: readonly CoveredCall[] = [
  row('GET', 'gettoken', '1', 'one living token per secret, 7200 s'),
  row('GET', 'get_api_domain_ip', '1', "addresses of WeCom's API"),
  row('GET', 'getcallbackip', '1', 'addresses that callbacks come from'),
  row(
    'GET',
    'department/list',
    '2.1',
    'a department and all below it, or all in sight; 48009 when restricted',
  ),
  row('GET', 'department/simplelist', '2.1', 'the same as ids, also when restricted'),
  row('GET', 'department/get', '2.1', 'one department; 48009 when restricted'),
  row('POST', 'department/create', '2.1', 'silent; contact secret only'),
  row('POST', 'department/update', '2.1', 'name, parent, order; silent'),
  row('GET', 'department/delete', '2.1', 'an empty one, never the root; silent'),
  row('GET', 'user/get', '2.2', 'one member, userid without regard to case; 48009 when restricted'),
  row(
    'GET',
    'user/simplelist',
    '2.2',
    'userid, name, departments; fetch_child is accepted; 48009 when restricted',
  ),
  row(
    'GET',
    'user/list',
    '2.2',
    'whole members of a department; fetch_child is accepted; 48009 when restricted',
  ),
  row('POST', 'user/list_id', '2.2', 'a row per member and department with a cursor; contact secret only'),
  row('POST', 'user/getuserid', '2.2', 'by mobile'),
  row('POST', 'user/get_userid_by_email', '2.2', 'by corp mail (1) or personal mail (2)'),
  row('POST', 'user/convert_to_openid', '2.2', 'userid to openid'),
  row('POST', 'user/convert_to_userid', '2.2', 'and back'),
  row('POST', 'user/create', '2.2', 'silent; contact secret only'),
  row('POST', 'user/update', '2.2', 'what is absent stays; silent'),
  row('GET', 'user/delete', '2.2', 'silent; leaves its tags'),
  row('POST', 'user/batchdelete', '2.2', 'at most 200; silent'),
  row('GET', 'tag/list', '2.3', 'all tags, for every secret'),
  row('GET', 'tag/get', '2.3', 'members and departments of a tag, as far as they are in sight'),
  row('POST', 'tag/create', '2.3', 'silent; the tag is its creator’s'),
  row('POST', 'tag/update', '2.3', 'its name; 81011 for another’s; silent'),
  row('GET', 'tag/delete', '2.3', '81011 for another’s; silent'),
  row('POST', 'tag/addtagusers', '2.3', 'names what is invalid, 40031 when all is; silent'),
  row('POST', 'tag/deltagusers', '2.3', 'the same way round; silent'),
  row('GET', 'agent/get', '2.3', 'the application of the token and its visible range'),
  row('GET', 'agent/list', '2.3', 'the application of the token'),
  row('GET', 'get_jsapi_ticket', '1', "the corp's ticket of the JS-SDK; 400 an hour, 100 of one agent"),
  row('GET', 'ticket/get', '1', "agent_config: the agent's own ticket, 100 an hour"),
  {
    method: 'GET',
    path: '/wwopen/js/jwxwork-1.0.0.js',
    section: '1',
    about: 'wx.config, ready, error and agentConfig, which check signatures',
  },
  page('/connect/oauth2/authorize', 'sign-in inside the client: choose who you are; consent'),
  page('/wwlogin/sso/login', 'sign-in on a desktop: a code to scan, or choose'),
  page('/wwopen/sso/qrConnect', 'the same at its old address'),
  row('GET', 'auth/getuserinfo', '6.1', 'who an OAuth code stands for'),
  row('GET', 'user/getuserinfo', '6.1', 'the same in the old spelling'),
  row('POST', 'auth/getuserdetail', '6.1', 'what the member consented to show'),
  row('POST', 'user/getuserdetail', '6.1', 'the same at its old path'),
  row('POST', 'media/upload', '20.4', 'image, voice, video, file; 3 days, not beyond the process'),
  row('GET', 'media/get', '20.4', 'the file; 40007 when it is gone'),
  row('POST', 'message/send', '5', 'every msgtype; duplicate check, silent drops, quota of the day'),
  row('POST', 'message/recall', '5', 'within 24 hours, by the application that sent it'),
  row('POST', 'message/get_statistics', '5', 'person-times by application, today or yesterday'),
]
