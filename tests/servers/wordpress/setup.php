<?php
// Makes the database and installs WordPress: one post that people can comment, the shop as an editor, nothing to wait for.
$socket = getenv('WORDPRESS_SOCKET');
$link = mysqli_connect('localhost', 'root', '', '', 0, $socket);
mysqli_query($link, 'CREATE DATABASE wordpress CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci');
mysqli_close($link);

define('WP_INSTALLING', true);
[$host] = sscanf(getenv('WORDPRESS_URL'), 'http://%s');
$_SERVER += ['HTTP_HOST' => $host, 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
require getenv('WORDPRESS_SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
update_option('template', 'plain');
wp_install('La Tienda', 'chief', 'chief@shop.example', true, '', wp_generate_password());
$options = [
    'permalink_structure' => '/%postname%/',
    'comment_moderation' => 0,
    'comment_previously_approved' => 0,
    'require_name_email' => 0,
    'thread_comments_depth' => 10,
    'template' => 'plain',
    'stylesheet' => 'plain',
];
foreach ($options as $name => $value) {
    update_option($name, $value);
}
$shop = wp_insert_user([
    'user_login' => 'tienda',
    'user_pass' => wp_generate_password(),
    'user_email' => 'tienda@shop.example',
    'display_name' => 'La Tienda',
    'role' => 'editor',
]);
[$password] = WP_Application_Passwords::create_new_application_password($shop, ['name' => 'Portavoz']);
echo $password;
