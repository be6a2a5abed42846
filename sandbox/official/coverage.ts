/** A call of the official-account platform that the sandbox answers. */
export interface CoveredOfficialCall {
  method: 'GET' | 'POST' | 'GET, POST'
  /** Below `/official`, as below WeChat's hosts. */
  path: string
  /** Where docs/upstream tells of it. */
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
  get('/cgi-bin/token', 'official-calls.md#tokens', 'a new token; the old one lives five minutes more'),
  post(
    '/cgi-bin/stable_token',
    'official-calls.md#tokens',
    'the same token until its last five minutes; by force a new one',
  ),
  get('/cgi-bin/get_api_domain_ip', 'official-calls.md#addresses-of-wechat', "addresses of WeChat's API"),
  get('/cgi-bin/getcallbackip', 'official-calls.md#addresses-of-wechat', 'addresses that pushes come from'),

  get(
    '/cgi-bin/user/get',
    'official-followers.md#followers',
    '10,000 a page, or as the rules say; `data` is missing after the last',
  ),
  get(
    '/cgi-bin/user/info',
    'official-followers.md#followers',
    'no nickname or picture, as since 2021; others are `subscribe: 0`',
  ),
  post('/cgi-bin/user/info/batchget', 'official-followers.md#followers', 'at most 100'),
  post('/cgi-bin/user/info/updateremark', 'official-followers.md#followers', 'at most 30 characters'),
  post(
    '/cgi-bin/tags/create',
    'official-followers.md#tags',
    'at most 100 tags, names of 30 bytes; 45157 for one that exists',
  ),
  get('/cgi-bin/tags/get', 'official-followers.md#tags', 'with their counts'),
  post('/cgi-bin/tags/update', 'official-followers.md#tags', "45058 for WeChat's own"),
  post('/cgi-bin/tags/delete', 'official-followers.md#tags', '45057 beyond 100,000 followers'),
  post('/cgi-bin/user/tag/get', 'official-followers.md#tags', 'followers of a tag by page'),
  post(
    '/cgi-bin/tags/members/batchtagging',
    'official-followers.md#tags',
    'at most 50 openids, 20 tags a follower',
  ),
  post('/cgi-bin/tags/members/batchuntagging', 'official-followers.md#tags', 'at most 50 openids'),
  post('/cgi-bin/tags/getidlist', 'official-followers.md#tags', 'the tags of a follower'),
  post('/cgi-bin/tags/members/getblacklist', 'official-followers.md#blacklist', 'by page'),
  post(
    '/cgi-bin/tags/members/batchblacklist',
    'official-followers.md#blacklist',
    'at most 20 openids; their messages are not pushed',
  ),
  post('/cgi-bin/tags/members/batchunblacklist', 'official-followers.md#blacklist', 'at most 20 openids'),
  post('/cgi-bin/qrcode/create', 'official-followers.md#qr-codes', 'temporary or permanent, number or text'),
  get('/cgi-bin/showqrcode', 'official-followers.md#qr-codes', 'the picture, as PNG; 404 for a bad ticket'),

  post(
    '/cgi-bin/message/custom/send',
    'official-customer-service.md#messages',
    'every type; windows of 5 in 48 h and 3 in a minute',
  ),
  post(
    '/cgi-bin/message/custom/typing',
    'official-customer-service.md#typing',
    '45080 without a message in the last 30 s',
  ),
  get(
    '/cgi-bin/customservice/getkflist',
    'official-customer-service.md#accounts',
    'accounts with their invitations',
  ),
  get(
    '/cgi-bin/customservice/getonlinekflist',
    'official-customer-service.md#accounts',
    'those that the control made online',
  ),
  post('/customservice/kfaccount/add', 'official-customer-service.md#accounts', 'name@微信号'),
  post('/customservice/kfaccount/update', 'official-customer-service.md#accounts', 'the nickname'),
  post(
    '/customservice/kfaccount/inviteworker',
    'official-customer-service.md#accounts',
    'the control accepts or refuses',
  ),
  post('/customservice/kfaccount/uploadheadimg', 'official-customer-service.md#accounts', 'a JPEG'),
  both(
    '/customservice/kfaccount/del',
    'official-customer-service.md#accounts',
    'also as POST, as clients do',
  ),
  post(
    '/customservice/kfsession/create',
    'official-customer-service.md#sessions',
    'its messages are then not pushed',
  ),
  post('/customservice/kfsession/close', 'official-customer-service.md#sessions', '65413 without a session'),
  get('/customservice/kfsession/getsession', 'official-customer-service.md#sessions', 'nobody is no error'),
  get('/customservice/kfsession/getsessionlist', 'official-customer-service.md#sessions', 'of one worker'),
  get(
    '/customservice/kfsession/getwaitcase',
    'official-customer-service.md#sessions',
    'at most 100 of those who wait',
  ),
  post(
    '/customservice/msgrecord/getmsglist',
    'official-customer-service.md#records',
    'sent and received, within 24 hours',
  ),

  post('/cgi-bin/media/upload', 'official-media.md#temporary-media', 'told by their content; for three days'),
  get('/cgi-bin/media/get', 'official-media.md#temporary-media', 'the file, or a video_url'),
  get('/cgi-bin/media/get/jssdk', 'official-media.md#temporary-media', 'the voice'),
  post(
    '/cgi-bin/media/uploadimg',
    'official-media.md#pictures-of-articles',
    'pictures of articles: JPEG and PNG below 1 MB',
  ),
  post('/cgi-bin/media/uploadvideo', 'official-mass.md#calls', 'a video for message/mass/send'),
  post(
    '/cgi-bin/material/add_material',
    'official-media.md#permanent-media',
    'permanent; a video with its description',
  ),
  post('/cgi-bin/material/add_news', 'official-media.md#drafts', '45106: withdrawn'),
  post('/cgi-bin/media/uploadnews', 'official-media.md#drafts', '45106: withdrawn'),
  post(
    '/cgi-bin/material/get_material',
    'official-media.md#permanent-media',
    'the file, or where a video is',
  ),
  post('/cgi-bin/material/del_material', 'official-media.md#permanent-media', '40007 when it is gone'),
  get('/cgi-bin/material/get_materialcount', 'official-media.md#permanent-media', 'by type'),
  post('/cgi-bin/material/batchget_material', 'official-media.md#permanent-media', 'at most 20'),
  post(
    '/cgi-bin/draft/add',
    'official-media.md#drafts',
    'news and newspic; scripts and foreign pictures are removed',
  ),
  post('/cgi-bin/draft/update', 'official-media.md#drafts', 'one article; 40114 beyond them'),
  post('/cgi-bin/draft/get', 'official-media.md#drafts', 'with addresses to read'),
  post('/cgi-bin/draft/delete', 'official-media.md#drafts', 'as documented'),
  get('/cgi-bin/draft/count', 'official-media.md#drafts', 'as documented'),
  post('/cgi-bin/draft/batchget', 'official-media.md#drafts', 'at most 20, without content on request'),
  post('/cgi-bin/draft/switch', 'official-media.md#drafts', 'always open'),
  post(
    '/cgi-bin/freepublish/submit',
    'official-media.md#publishing',
    'ends with an event; the draft leaves the box',
  ),
  post('/cgi-bin/freepublish/get', 'official-media.md#publishing', 'what became of it'),
  post('/cgi-bin/freepublish/batchget', 'official-media.md#publishing', 'at most 20'),
  post('/cgi-bin/freepublish/getarticle', 'official-media.md#publishing', '53600 for an unknown one'),
  post('/cgi-bin/freepublish/delete', 'official-media.md#publishing', 'one or all of its articles'),
  get('/s/:originalId/:id/:index', 'official-media.md#publishing', 'an article, to read'),
  get(
    '/mmbiz/:originalId/:id',
    'official-media.md#temporary-media',
    'a file of an account, as followers get it',
  ),

  post(
    '/cgi-bin/message/mass/sendall',
    'official-mass.md#calls',
    'quotas, clientmsgid, API protection, MASSSENDJOBFINISH',
  ),
  post('/cgi-bin/message/mass/send', 'official-mass.md#calls', 'the same to 2 … 10,000 openids'),
  post('/cgi-bin/message/mass/preview', 'official-mass.md#calls', 'to one follower'),
  post('/cgi-bin/message/mass/get', 'official-mass.md#calls', 'SENDING, SEND_SUCCESS, SEND_FAIL, DELETE'),
  post('/cgi-bin/message/mass/delete', 'official-mass.md#calls', 'articles and videos only'),
  post('/cgi-bin/message/mass/speed/get', 'official-mass.md#calls', 'as documented'),
  post('/cgi-bin/message/mass/speed/set', 'official-mass.md#calls', '0 … 4'),

  post('/cgi-bin/menu/create', 'official-menus.md#calls', 'three by five, every type, sizes in bytes'),
  get('/cgi-bin/menu/get', 'official-menus.md#calls', 'made by the API only; 46003 for none'),
  both('/cgi-bin/menu/delete', 'official-menus.md#calls', 'and all personalised ones'),
  post(
    '/cgi-bin/menu/addconditional',
    'official-menus.md#personalised-menus',
    'by tag and system; 65320 for the fields that were closed',
  ),
  post('/cgi-bin/menu/delconditional', 'official-menus.md#personalised-menus', '65301 for an unknown one'),
  post('/cgi-bin/menu/trymatch', 'official-menus.md#personalised-menus', 'newest first; the last tag counts'),
  get(
    '/cgi-bin/get_current_selfmenu_info',
    'official-menus.md#calls',
    'what is shown, made by the API or not',
  ),
  get(
    '/cgi-bin/get_current_autoreply_info',
    'official-followers.md#replies-of-the-website',
    'what the control says was made on the site',
  ),

  post(
    '/cgi-bin/template/api_set_industry',
    'official-templates.md#library-of-templates',
    'by the codes 1 to 41',
  ),
  get('/cgi-bin/template/get_industry', 'official-templates.md#library-of-templates', 'as set'),
  post(
    '/cgi-bin/template/api_add_template',
    'official-templates.md#library-of-templates',
    'from a small library; 40247 for the old one',
  ),
  get(
    '/cgi-bin/template/get_all_private_template',
    'official-templates.md#library-of-templates',
    'two are there from the start',
  ),
  post(
    '/cgi-bin/template/del_private_template',
    'official-templates.md#library-of-templates',
    '40037 for an unknown one',
  ),
  post(
    '/cgi-bin/message/template/send',
    'official-templates.md#template-messages',
    'typed fields, client_msg_id, the cuts of 2023, TEMPLATESENDJOBFINISH',
  ),
  post(
    '/wxa/sec/queryblocktmplmsg',
    'official-templates.md#what-wechat-cuts',
    'messages with a word that the rules block',
  ),
  get('/wxaapi/newtmpl/getcategory', 'official-templates.md#library-of-notices', 'of the small library'),
  get('/wxaapi/newtmpl/getpubtemplatetitles', 'official-templates.md#library-of-notices', 'by category'),
  get('/wxaapi/newtmpl/getpubtemplatekeywords', 'official-templates.md#library-of-notices', 'of a template'),
  post('/wxaapi/newtmpl/addtemplate', 'official-templates.md#library-of-notices', 'as a form'),
  get('/wxaapi/newtmpl/gettemplate', 'official-templates.md#library-of-notices', 'those of the account'),
  post('/wxaapi/newtmpl/deltemplate', 'official-templates.md#library-of-notices', '40037 for an unknown one'),
  post(
    '/cgi-bin/message/subscribe/bizsend',
    'official-templates.md#subscription-notices',
    'one message for each tick; 43101 without',
  ),

  get(
    '/connect/oauth2/authorize',
    'official-web.md#web-authorisation',
    'choose which follower you are; consent; snapshot page',
  ),
  get(
    '/sns/oauth2/access_token',
    'official-web.md#web-authorisation',
    'a code is good once and for five minutes; is_snapshotuser',
  ),
  get('/sns/oauth2/refresh_token', 'official-web.md#web-authorisation', 'for 30 days'),
  get('/sns/userinfo', 'official-web.md#web-authorisation', '微信用户 without consent'),
  get('/sns/auth', 'official-web.md#web-authorisation', 'whether the token is good for this openid'),
  get('/cgi-bin/ticket/getticket', 'official-web.md#js-sdk', 'jsapi and wx_card'),
  get(
    '/open/js/jweixin-1.6.0.js',
    'official-web.md#js-sdk',
    'wx.config, ready and error, and the tag wx-open-subscribe',
  ),
  get('/open/js/check', 'official-web.md#js-sdk', 'whether the signature of a page is right'),
  get(
    '/open/subscribe',
    'official-templates.md#subscription-notices',
    'the window of wx-open-subscribe: choose who you are, and agree or not',
  ),
  post(
    '/cgi-bin/openapi/quota/get',
    'official-calls.md#diagnosis',
    'the table of the day, and what was used',
  ),
  post('/cgi-bin/openapi/quota/clear', 'official-calls.md#quotas', '50 a month'),
  post('/cgi-bin/openapi/rid/get', 'official-calls.md#diagnosis', 'the last 1000 failed calls'),
  post('/cgi-bin/clear_quota', 'official-calls.md#quotas', '10 a month'),
  post('/cgi-bin/clear_quota/v2', 'official-calls.md#quotas', 'with the secret; the same 10'),
  post('/cgi-bin/callback/check', 'official-calls.md#diagnosis', '40201 without a server'),
  post('/cgi-bin/shorten/gen', 'official-followers.md#short-keys-and-migrations', 'a key of 15 characters'),
  post('/cgi-bin/shorten/fetch', 'official-followers.md#short-keys-and-migrations', 'and back'),
  post(
    '/cgi-bin/changeopenid',
    'official-followers.md#short-keys-and-migrations',
    'the same person at another account',
  ),
]
