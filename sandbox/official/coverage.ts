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
const both = (path: string, section: string, about: string): CoveredOfficialCall => ({
  ...get(path, section, about),
  method: 'GET, POST',
})

/** Every call and page below /official. A test compares this table with the routes. */
export const officialCoverage: readonly CoveredOfficialCall[] = [
  get('/cgi-bin/token', '7.4', 'a new token; the old one lives five minutes more'),
  post('/cgi-bin/stable_token', '7.4', 'the same token until its last five minutes; by force a new one'),
  get('/cgi-bin/get_api_domain_ip', '7.7', "addresses of WeChat's API"),
  get('/cgi-bin/getcallbackip', '7.7', 'addresses that pushes come from'),

  get('/cgi-bin/user/get', '7.7', '10,000 a page, or as the rules say; `data` is missing after the last'),
  get('/cgi-bin/user/info', '7.7', 'no nickname or picture, as since 2021; others are `subscribe: 0`'),
  post('/cgi-bin/user/info/batchget', '14.3', 'at most 100'),
  post('/cgi-bin/user/info/updateremark', '7.7', 'at most 30 characters'),
  post('/cgi-bin/tags/create', '14.3', 'at most 100 tags, names of 30 bytes; 45157 for one that exists'),
  get('/cgi-bin/tags/get', '14.3', 'with their counts'),
  post('/cgi-bin/tags/update', '14.3', "45058 for WeChat's own"),
  post('/cgi-bin/tags/delete', '14.3', '45057 beyond 100,000 followers'),
  post('/cgi-bin/user/tag/get', '14.3', 'followers of a tag by page'),
  post('/cgi-bin/tags/members/batchtagging', '13', 'at most 50 openids, 20 tags a follower'),
  post('/cgi-bin/tags/members/batchuntagging', '13', 'at most 50 openids'),
  post('/cgi-bin/tags/getidlist', '14.3', 'the tags of a follower'),
  post('/cgi-bin/tags/members/getblacklist', '14.3', 'by page'),
  post('/cgi-bin/tags/members/batchblacklist', '14.3', 'at most 20 openids; their messages are not pushed'),
  post('/cgi-bin/tags/members/batchunblacklist', '14.3', 'at most 20 openids'),
  post('/cgi-bin/qrcode/create', '14.3', 'temporary or permanent, number or text'),
  get('/cgi-bin/showqrcode', '14.3', 'the picture, as PNG; 404 for a bad ticket'),

  post('/cgi-bin/message/custom/send', '7.6', 'every type; windows of 5 in 48 h and 3 in a minute'),
  post('/cgi-bin/message/custom/typing', '14.2', '45080 without a message in the last 30 s'),
  get('/cgi-bin/customservice/getkflist', '14.2', 'accounts with their invitations'),
  get('/cgi-bin/customservice/getonlinekflist', '14.2', 'those that the control made online'),
  post('/customservice/kfaccount/add', '14.2', 'name@微信号'),
  post('/customservice/kfaccount/update', '14.2', 'the nickname'),
  post('/customservice/kfaccount/inviteworker', '14.2', 'the control accepts or refuses'),
  post('/customservice/kfaccount/uploadheadimg', '14.2', 'a JPEG'),
  both('/customservice/kfaccount/del', '14.2', 'also as POST, as clients do'),
  post('/customservice/kfsession/create', '14.2', 'its messages are then not pushed'),
  post('/customservice/kfsession/close', '14.2', '65413 without a session'),
  get('/customservice/kfsession/getsession', '14.2', 'nobody is no error'),
  get('/customservice/kfsession/getsessionlist', '14.2', 'of one worker'),
  get('/customservice/kfsession/getwaitcase', '14.2', 'at most 100 of those who wait'),
  post('/customservice/msgrecord/getmsglist', '14.2', 'sent and received, within 24 hours'),

  post('/cgi-bin/media/upload', '16', 'told by their content; for three days'),
  get('/cgi-bin/media/get', '16', 'the file, or a video_url'),
  get('/cgi-bin/media/get/jssdk', '16', 'the voice'),
  post('/cgi-bin/media/uploadimg', '16', 'pictures of articles: JPEG and PNG below 1 MB'),
  post('/cgi-bin/media/uploadvideo', '15.2', 'a video for message/mass/send'),
  post('/cgi-bin/material/add_material', '16', 'permanent; a video with its description'),
  post('/cgi-bin/material/get_material', '16', 'the file, or where a video is'),
  post('/cgi-bin/material/del_material', '16', '40007 when it is gone'),
  get('/cgi-bin/material/get_materialcount', '16', 'by type'),
  post('/cgi-bin/material/batchget_material', '16', 'at most 20'),
  post('/cgi-bin/draft/add', '16', 'news and newspic; scripts and foreign pictures are removed'),
  post('/cgi-bin/draft/update', '16', 'one article; 40114 beyond them'),
  post('/cgi-bin/draft/get', '16', 'with addresses to read'),
  post('/cgi-bin/draft/delete', '16', 'as documented'),
  get('/cgi-bin/draft/count', '16', 'as documented'),
  post('/cgi-bin/draft/batchget', '16', 'at most 20, without content on request'),
  post('/cgi-bin/draft/switch', '16', 'always open'),
  post('/cgi-bin/freepublish/submit', '16', 'ends with an event; the draft leaves the box'),
  post('/cgi-bin/freepublish/get', '16', 'what became of it'),
  post('/cgi-bin/freepublish/batchget', '16', 'at most 20'),
  post('/cgi-bin/freepublish/getarticle', '16', '53600 for an unknown one'),
  post('/cgi-bin/freepublish/delete', '16', 'one or all of its articles'),
  get('/s/:originalId/:id/:index', '16', 'an article, to read'),
  get('/mmbiz/:originalId/:id', '16', 'a file of an account, as followers get it'),

  post('/cgi-bin/message/mass/sendall', '15.2', 'quotas, clientmsgid, API protection, MASSSENDJOBFINISH'),
  post('/cgi-bin/message/mass/send', '15.2', 'the same to 2 … 10,000 openids'),
  post('/cgi-bin/message/mass/preview', '15.2', 'to one follower'),
  post('/cgi-bin/message/mass/get', '15.2', 'SENDING, SEND_SUCCESS, SEND_FAIL, DELETE'),
  post('/cgi-bin/message/mass/delete', '15.2', 'articles and videos only'),
  post('/cgi-bin/message/mass/speed/get', '15.2', 'as documented'),
  post('/cgi-bin/message/mass/speed/set', '15.2', '0 … 4'),

  post('/cgi-bin/menu/create', '14.1', 'three by five, every type, sizes in bytes'),
  get('/cgi-bin/menu/get', '14.1', 'made by the API only; 46003 for none'),
  both('/cgi-bin/menu/delete', '14.1', 'and all personalised ones'),
  post('/cgi-bin/menu/addconditional', '14.1', 'by tag and system; 65320 for the fields that were closed'),
  post('/cgi-bin/menu/delconditional', '14.1', '65301 for an unknown one'),
  post('/cgi-bin/menu/trymatch', '14.1', 'newest first; the last tag counts'),
  get('/cgi-bin/get_current_selfmenu_info', '14.1', 'what is shown, whoever made it'),
  get('/cgi-bin/get_current_autoreply_info', '14.3', 'what the control says was made on the site'),

  post('/cgi-bin/template/api_set_industry', '7.6', 'a few of the industries'),
  get('/cgi-bin/template/get_industry', '7.6', 'as set'),
  post('/cgi-bin/template/api_add_template', '15.3', 'from a small library; 40247 for the old one'),
  get('/cgi-bin/template/get_all_private_template', '7.6', 'two are there from the start'),
  post('/cgi-bin/template/del_private_template', '7.6', '40037 for an unknown one'),
  post(
    '/cgi-bin/message/template/send',
    '15.3',
    'typed fields, client_msg_id, the cuts of 2023, TEMPLATESENDJOBFINISH',
  ),
  post('/wxa/sec/queryblocktmplmsg', '15.3', 'messages with a word that the rules block'),
  get('/wxaapi/newtmpl/getcategory', '15.4', 'of the small library'),
  get('/wxaapi/newtmpl/getpubtemplatetitles', '15.4', 'by category'),
  get('/wxaapi/newtmpl/getpubtemplatekeywords', '15.4', 'of a template'),
  post('/wxaapi/newtmpl/addtemplate', '15.4', 'as a form'),
  get('/wxaapi/newtmpl/gettemplate', '15.4', 'those of the account'),
  post('/wxaapi/newtmpl/deltemplate', '15.4', '40037 for an unknown one'),
  post('/cgi-bin/message/subscribe/bizsend', '15.4', 'one message for each tick; 43101 without'),

  get('/connect/oauth2/authorize', '14.5', 'choose which follower you are; consent; snapshot page'),
  get('/sns/oauth2/access_token', '14.5', 'a code is good once and for five minutes; is_snapshotuser'),
  get('/sns/oauth2/refresh_token', '14.5', 'for 30 days'),
  get('/sns/userinfo', '14.5', '微信用户 without consent'),
  get('/sns/auth', '14.5', 'whether the token is good for this openid'),
  get('/cgi-bin/ticket/getticket', '14.5', 'jsapi and wx_card'),
  post('/cgi-bin/openapi/quota/get', '14.4', 'the table of the day, and what was used'),
  post('/cgi-bin/openapi/quota/clear', '14.4', '50 a month'),
  post('/cgi-bin/openapi/rid/get', '14.4', 'the last 1000 failed calls'),
  post('/cgi-bin/clear_quota', '14.4', '10 a month'),
  post('/cgi-bin/clear_quota/v2', '14.4', 'with the secret; the same 10'),
  post('/cgi-bin/callback/check', '14.4', '40201 without a server'),
  post('/cgi-bin/shorten/gen', '14.3', 'a key of 15 characters'),
  post('/cgi-bin/shorten/fetch', '14.3', 'and back'),
  post('/cgi-bin/changeopenid', '14.3', 'the same person at another account'),
]
