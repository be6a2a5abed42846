/** An upstream call that the sandbox answers. */
export interface CoveredCall {
  method: 'GET' | 'POST'
  path: string
  /** Where docs/upstream tells of it. */
  section: string
  about: string
}

const row = (method: 'GET' | 'POST', path: string, section: string, about: string): CoveredCall => ({
  method,
  path: `/cgi-bin/${path}`,
  section,
  about,
})

const page = (path: string, about: string): CoveredCall => ({
  method: 'GET',
  path,
  section: 'wecom-sign-in.md',
  about,
})

/** Every upstream call that the sandbox answers. A test compares this table with the routes. */
export const coverage: readonly CoveredCall[] = [
  row('GET', 'gettoken', 'wecom-calls.md#access-tokens', 'one living token per secret, 7200 s'),
  row('GET', 'get_api_domain_ip', 'wecom-calls.md#addresses-of-wecom', "addresses of WeCom's API"),
  row('GET', 'getcallbackip', 'wecom-calls.md#addresses-of-wecom', 'addresses that callbacks come from'),
  row(
    'GET',
    'department/list',
    'wecom-directory.md#departments',
    'a department and all below it, or all in sight; 48009 when restricted',
  ),
  row(
    'GET',
    'department/simplelist',
    'wecom-directory.md#departments',
    'the same as ids, also when restricted',
  ),
  row('GET', 'department/get', 'wecom-directory.md#departments', 'one department; 48009 when restricted'),
  row('POST', 'department/create', 'wecom-directory.md#departments', 'silent; contact secret only'),
  row('POST', 'department/update', 'wecom-directory.md#departments', 'name, parent, order; silent'),
  row('GET', 'department/delete', 'wecom-directory.md#departments', 'an empty one, never the root; silent'),
  row(
    'GET',
    'user/get',
    'wecom-directory.md#members',
    'one member, userid without regard to case; 48009 when restricted',
  ),
  row(
    'GET',
    'user/simplelist',
    'wecom-directory.md#members',
    'userid, name, departments; fetch_child is accepted; 48009 when restricted',
  ),
  row(
    'GET',
    'user/list',
    'wecom-directory.md#members',
    'whole members of a department; fetch_child is accepted; 48009 when restricted',
  ),
  row(
    'POST',
    'user/list_id',
    'wecom-directory.md#members',
    'a row per member and department with a cursor; contact secret only',
  ),
  row('POST', 'user/getuserid', 'wecom-directory.md#members', 'by mobile'),
  row(
    'POST',
    'user/get_userid_by_email',
    'wecom-directory.md#members',
    'by corp mail (1) or personal mail (2)',
  ),
  row('POST', 'user/convert_to_openid', 'wecom-directory.md#openids', 'userid to openid'),
  row('POST', 'user/convert_to_userid', 'wecom-directory.md#openids', 'and back'),
  row('POST', 'user/create', 'wecom-directory.md#writing-members', 'silent; contact secret only'),
  row('POST', 'user/update', 'wecom-directory.md#writing-members', 'what is absent stays; silent'),
  row('GET', 'user/delete', 'wecom-directory.md#writing-members', 'silent; leaves its tags'),
  row('POST', 'user/batchdelete', 'wecom-directory.md#writing-members', 'at most 200; silent'),
  row('GET', 'tag/list', 'wecom-directory.md#tags', 'all tags, for every secret'),
  row(
    'GET',
    'tag/get',
    'wecom-directory.md#tags',
    'members and departments of a tag, as far as they are in sight',
  ),
  row('POST', 'tag/create', 'wecom-directory.md#tags', 'silent; the tag is its creator’s'),
  row('POST', 'tag/update', 'wecom-directory.md#tags', 'its name; 81011 for another’s; silent'),
  row('GET', 'tag/delete', 'wecom-directory.md#tags', '81011 for another’s; silent'),
  row(
    'POST',
    'tag/addtagusers',
    'wecom-directory.md#tags',
    'names what is invalid, 40031 when all is; silent',
  ),
  row('POST', 'tag/deltagusers', 'wecom-directory.md#tags', 'the same way round; silent'),
  row('GET', 'agent/get', 'wecom-directory.md#agents', 'the application of the token and its visible range'),
  row('GET', 'agent/list', 'wecom-directory.md#agents', 'the application of the token'),
  row('POST', 'menu/create', 'wecom-menus.md#calls', 'the whole menu of the application, checked'),
  row('GET', 'menu/get', 'wecom-menus.md#calls', 'as it was made; 46003 when there is none'),
  row('GET', 'menu/delete', 'wecom-menus.md#calls', 'also when there is none'),
  row(
    'GET',
    'get_jsapi_ticket',
    'wecom-calls.md#js-sdk',
    "the corp's ticket of the JS-SDK; 400 an hour, 100 of one agent",
  ),
  row('GET', 'ticket/get', 'wecom-calls.md#js-sdk', "agent_config: the agent's own ticket, 100 an hour"),
  {
    method: 'GET',
    path: '/wwopen/js/jwxwork-1.0.0.js',
    section: 'wecom-calls.md#js-sdk',
    about: 'wx.config, ready, error and agentConfig, which check signatures',
  },
  page('/connect/oauth2/authorize', 'sign-in inside the client: choose who you are; consent'),
  page('/wwlogin/sso/login', 'sign-in on a desktop: a code to scan, or choose'),
  page('/wwopen/sso/qrConnect', 'the same at its old address'),
  row('GET', 'auth/getuserinfo', 'wecom-sign-in.md#oauth-in-the-client', 'who an OAuth code stands for'),
  row('GET', 'user/getuserinfo', 'wecom-sign-in.md#oauth-in-the-client', 'the same in the old spelling'),
  row(
    'POST',
    'auth/getuserdetail',
    'wecom-sign-in.md#oauth-in-the-client',
    'what the member consented to show',
  ),
  row('POST', 'user/getuserdetail', 'wecom-sign-in.md#oauth-in-the-client', 'the same at its old path'),
  row(
    'POST',
    'media/upload',
    'wecom-messages.md#media',
    'image, voice, video, file; 3 days, not beyond the process',
  ),
  row('GET', 'media/get', 'wecom-messages.md#media', 'the file; 40007 when it is gone'),
  row(
    'POST',
    'message/send',
    'wecom-messages.md#sending',
    'every msgtype; duplicate check, silent drops, quota of the day',
  ),
  row(
    'POST',
    'message/update_template_card',
    'wecom-cards.md#updates',
    'by a response_code, once within 72 h; 40058 names what is wrong',
  ),
  row(
    'POST',
    'message/recall',
    'wecom-messages.md#recall-and-figures',
    'within 24 hours, by the application that sent it',
  ),
  row(
    'POST',
    'message/get_statistics',
    'wecom-messages.md#recall-and-figures',
    'person-times by application, today or yesterday',
  ),
  row('POST', 'appchat/create', 'wecom-group-chats.md#calls', '2 to 2000 members; 1000 a day'),
  row('POST', 'appchat/update', 'wecom-group-chats.md#calls', 'name, owner, members; 1000 an hour'),
  row(
    'GET',
    'appchat/get',
    'wecom-group-chats.md#calls',
    '86003 when there is none, 86008 for another agent’s',
  ),
  row(
    'POST',
    'appchat/send',
    'wecom-group-chats.md#messages',
    'every msgtype but cards; limits of corp and member',
  ),
  row('POST', 'webhook/send', 'group-robots.md#wecom', 'text and markdown, 20 a minute'),
  row('POST', 'checkin/getcheckindata', 'wecom-office.md#check-ins', 'everybody at nine, each day'),
  row('POST', 'oa/meetingroom/add', 'wecom-office.md#meeting-rooms', 'not beyond the process'),
  row('POST', 'oa/meetingroom/list', 'wecom-office.md#meeting-rooms', 'by city, building and floor'),
  row('POST', 'oa/gettemplatedetail', 'wecom-approvals.md#templates', 'name and controls'),
  row('POST', 'oa/applyevent', 'wecom-approvals.md#submitting', 'values are checked control by control'),
  row('POST', 'oa/getapprovalinfo', 'wecom-approvals.md#reading', 'numbers within 31 days, with filters'),
  row('POST', 'oa/getapprovaldetail', 'wecom-approvals.md#reading', 'empty objects are lists'),
  row('POST', 'corp/getopenapprovaldata', 'wecom-approvals.md#own-flow', 'by thirdNo'),
  row('POST', 'agent/get_workbench_template', 'wecom-office.md#workbench', 'normal until one is set'),
  row('POST', 'agent/set_workbench_template', 'wecom-office.md#workbench', 'normal and keydata'),
  row(
    'POST',
    'agent/set_workbench_data',
    'wecom-office.md#workbench',
    'keydata, after the template, ten times a minute a person',
  ),
]
