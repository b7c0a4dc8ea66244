<?php
// What tests need of a site besides WordPress: people at once, an empty site at once, and trouble when it is asked for.

// The tests' visitors all come from one address, and no mail leaves this machine.
add_filter('wp_is_comment_flood', '__return_false', 99);
add_filter('pre_wp_mail', '__return_true');
// They say the same again and again; for everybody else it is refused as ever.
add_filter('duplicate_comment_id', fn($id, $comment) => current_user_can('edit_posts') ? $id : null, 10, 2);

function testing_trouble(WP_REST_Request $request): ?array
{
    static $found = false;
    if ($found === false) {
        $found = null;
        $waiting = get_option('testing_troubles', []);
        foreach ($waiting as $at => $one) {
            $same = $one['method'] === $request->get_method();
            if ($same && preg_match('#^' . $one['route'] . '$#', $request->get_route())) {
                unset($waiting[$at]);
                update_option('testing_troubles', array_values($waiting));
                $found = $one;
                break;
            }
        }
    }
    return $found;
}

add_filter('rest_pre_dispatch', function ($answer, $server, $request) {
    if (str_starts_with($request->get_route(), '/testing/')) {
        return $answer;
    }
    $trouble = testing_trouble($request);
    switch ($trouble['trouble'] ?? '') {
        case 'error_before':
            return new WP_Error('db_away', 'Service unavailable', ['status' => 503]);
        case 'dead_token':
            return new WP_Error('incorrect_password', 'The provided password is an invalid application password.', ['status' => 401]);
        case 'rate_limited':
            header('Retry-After: ' . (int) $trouble['seconds']);
            return new WP_Error('too_many_requests', 'Too many requests', ['status' => 429]);
        case 'pending':
            add_filter('pre_comment_approved', fn() => 0, 99);
            break;
        case 'rejected':
            add_filter('comments_open', '__return_false', 99);
            break;
    }
    return $answer;
}, 10, 3);

add_filter('rest_post_dispatch', function ($answer, $server, $request) {
    if (str_starts_with($request->get_route(), '/testing/')) {
        return $answer;
    }
    $trouble = testing_trouble($request);
    if (($trouble['trouble'] ?? '') === 'late') {
        usleep((int) (1e6 * $trouble['seconds']));
    }
    if (($trouble['trouble'] ?? '') === 'error_after') {
        return rest_convert_error_to_response(new WP_Error('db_away', 'Service unavailable', ['status' => 503]));
    }
    return $answer;
}, 10, 3);

function testing_person(WP_REST_Request $request): array
{
    $login = $request['login'];
    $user = get_user_by('login', $login);
    $all = ['user_login' => $login, 'display_name' => wp_slash($request['name']), 'role' => $request['role']];
    $id = $user ? wp_update_user(['ID' => $user->ID] + $all) : wp_insert_user($all + ['user_pass' => wp_generate_password()]);
    WP_Application_Passwords::delete_all_application_passwords($id);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'tests']);
    return ['id' => $id, 'password' => $password];
}

function testing_reset(): array
{
    global $wpdb;
    $wpdb->query("DELETE FROM $wpdb->comments");
    $wpdb->query("DELETE FROM $wpdb->commentmeta");
    update_option('testing_troubles', []);
    update_option('comment_moderation', 0);
    wp_update_post(['ID' => 1, 'comment_status' => 'open']);
    wp_update_comment_count_now(1);
    return [];
}

add_action('rest_api_init', function () {
    $open = ['permission_callback' => '__return_true', 'methods' => 'POST'];
    register_rest_route('testing/v1', '/person', $open + ['callback' => 'testing_person']);
    register_rest_route('testing/v1', '/reset', $open + ['callback' => 'testing_reset']);
    register_rest_route('testing/v1', '/option', $open + ['callback' => function ($request) {
        return [update_option($request['name'], $request['value'])];
    }]);
    register_rest_route('testing/v1', '/close', $open + ['callback' => function () {
        return [wp_update_post(['ID' => 1, 'comment_status' => 'closed'])];
    }]);
    register_rest_route('testing/v1', '/trouble', $open + ['callback' => function ($request) {
        return [update_option('testing_troubles', [...get_option('testing_troubles', []), $request->get_json_params()])];
    }]);
});
