export declare const operations: {
    readonly 'security.device': {
        readonly method: "POST";
        readonly path: "/api/security/device";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'security.session': {
        readonly method: "POST";
        readonly path: "/api/security/session";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'token.getDevToken': {
        readonly method: "POST";
        readonly path: "/api/token/getDevToken";
        readonly takesToken: false;
        readonly repeats: true;
    };
    readonly 'developer.self': {
        readonly method: "GET";
        readonly path: "/api/developer/self";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'user.getInfo': {
        readonly method: "GET";
        readonly path: "/api/user/getInfo";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'syncController.callback': {
        readonly method: "GET";
        readonly path: "/admin/syncController/callback";
        readonly takesToken: false;
        readonly repeats: true;
    };
    readonly 'org.authList': {
        readonly method: "GET";
        readonly path: "/api/org/authList";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'user.get': {
        readonly method: "GET";
        readonly path: "/api/user/get";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'user.search': {
        readonly method: "POST";
        readonly path: "/api/user/search";
        readonly takesToken: true;
        readonly repeats: true;
        readonly pages: {
            readonly by: "pageNo";
            readonly size: 200;
        };
    };
    readonly 'org.higherList': {
        readonly method: "GET";
        readonly path: "/api/org/higherList";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'org.list': {
        readonly method: "GET";
        readonly path: "/api/org/list";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'user.orgUserList': {
        readonly method: "GET";
        readonly path: "/api/user/orgUserList";
        readonly takesToken: true;
        readonly repeats: true;
        readonly pages: {
            readonly by: "pageNo";
            readonly size: 200;
        };
    };
    readonly 'org.tagList': {
        readonly method: "GET";
        readonly path: "/api/org/tagList";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'org.tagUserList': {
        readonly method: "GET";
        readonly path: "/api/org/tagUserList";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'org.addTagUsers': {
        readonly method: "POST";
        readonly path: "/api/org/addTagUsers";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'org.removeTagUsers': {
        readonly method: "POST";
        readonly path: "/api/org/removeTagUsers";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'file.get': {
        readonly method: "GET";
        readonly path: "/api/file/get";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'file.avatar': {
        readonly method: "GET";
        readonly path: "/api/file/avatar";
        readonly takesToken: false;
        readonly repeats: true;
    };
    readonly 'ticket.issue': {
        readonly method: "POST";
        readonly path: "/api/ticket/issue";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'jssdk.config': {
        readonly method: "GET";
        readonly path: "/api/jssdk/config";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'directory.changes': {
        readonly method: "GET";
        readonly path: "/api/directory/changes";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'message.send': {
        readonly method: "POST";
        readonly path: "/api/message/send";
        readonly takesToken: true;
        readonly repeats: {
            readonly key: "requestId";
        };
    };
    readonly 'message.sms': {
        readonly method: "POST";
        readonly path: "/api/message/sms";
        readonly takesToken: true;
        readonly repeats: {
            readonly key: "requestId";
        };
    };
    readonly 'message.status': {
        readonly method: "GET";
        readonly path: "/api/message/status";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'message.recall': {
        readonly method: "POST";
        readonly path: "/api/message/recall";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'pay.bill.create': {
        readonly method: "POST";
        readonly path: "/api/pay/bill/create";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'pay.bill.close': {
        readonly method: "POST";
        readonly path: "/api/pay/bill/close";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'pay.bill.get': {
        readonly method: "GET";
        readonly path: "/api/pay/bill/get";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'pay.bill.list': {
        readonly method: "GET";
        readonly path: "/api/pay/bill/list";
        readonly takesToken: true;
        readonly repeats: true;
        readonly pages: {
            readonly by: "pageNo";
            readonly size: 200;
        };
    };
    readonly 'unifiedPay.awaitPay.select': {
        readonly method: "POST";
        readonly path: "/mobile/unifiedPay/AwaitPay/select";
        readonly takesToken: false;
        readonly repeats: true;
    };
    readonly 'official.accounts': {
        readonly method: "GET";
        readonly path: "/api/official/accounts";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'official.follower.get': {
        readonly method: "GET";
        readonly path: "/api/official/follower/get";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'official.follower.list': {
        readonly method: "GET";
        readonly path: "/api/official/follower/list";
        readonly takesToken: true;
        readonly repeats: true;
        readonly pages: {
            readonly by: "cursor";
            readonly input: "afterOpenid";
            readonly output: "nextOpenid";
        };
    };
    readonly 'official.message.send': {
        readonly method: "POST";
        readonly path: "/api/official/message/send";
        readonly takesToken: true;
        readonly repeats: {
            readonly key: "requestId";
        };
    };
    readonly 'official.event.list': {
        readonly method: "GET";
        readonly path: "/api/official/event/list";
        readonly takesToken: true;
        readonly repeats: true;
        readonly pages: {
            readonly by: "cursor";
            readonly input: "since";
            readonly output: "nextSince";
        };
    };
    readonly 'official.jssdk.config': {
        readonly method: "GET";
        readonly path: "/api/official/jssdk/config";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'official.template.send': {
        readonly method: "POST";
        readonly path: "/api/official/template/send";
        readonly takesToken: true;
        readonly repeats: {
            readonly key: "requestId";
        };
    };
    readonly 'webhook.create': {
        readonly method: "POST";
        readonly path: "/api/webhook/create";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'webhook.update': {
        readonly method: "POST";
        readonly path: "/api/webhook/update";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'webhook.delete': {
        readonly method: "POST";
        readonly path: "/api/webhook/delete";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'webhook.list': {
        readonly method: "GET";
        readonly path: "/api/webhook/list";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'webhook.get': {
        readonly method: "GET";
        readonly path: "/api/webhook/get";
        readonly takesToken: true;
        readonly repeats: true;
    };
    readonly 'webhook.rotate': {
        readonly method: "POST";
        readonly path: "/api/webhook/rotate";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'webhook.log': {
        readonly method: "GET";
        readonly path: "/api/webhook/log";
        readonly takesToken: true;
        readonly repeats: true;
        readonly pages: {
            readonly by: "cursor";
            readonly input: "before";
            readonly output: "next";
        };
    };
    readonly 'webhook.test': {
        readonly method: "POST";
        readonly path: "/api/webhook/test";
        readonly takesToken: true;
        readonly repeats: false;
    };
    readonly 'webhook.replay': {
        readonly method: "POST";
        readonly path: "/api/webhook/replay";
        readonly takesToken: true;
        readonly repeats: false;
    };
};
