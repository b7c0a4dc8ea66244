<!doctype html>
<meta charset="utf-8">
<title><?php bloginfo('name'); ?></title>
<?php while (have_posts()): the_post(); ?>
<article><h1><?php the_title(); ?></h1><?php the_content(); ?></article>
<ol><?php wp_list_comments(['per_page' => -1], get_comments(['post_id' => get_the_ID(), 'status' => 'approve', 'order' => 'ASC'])); ?></ol>
<?php endwhile; ?>
