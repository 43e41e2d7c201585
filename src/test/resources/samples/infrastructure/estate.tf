terraform {
  required_version = ">= 1.5"
}

variable "network" {
  type    = string
  default = "10.0.0.0/8"
}

resource "aws_ebs_volume" "orders" {
  availability_zone = "eu-central-1a"
  size              = 20
  encrypted         = true
}

resource "aws_db_instance" "orders" {
  engine              = "postgres"
  instance_class      = "db.t4g.medium"
  storage_encrypted   = true
  publicly_accessible = false
}

resource "aws_security_group" "orders" {
  name = "orders" // for its own kind

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.20.0.0/16"]
  }
}

resource "aws_s3_bucket" "shop" {
  bucket = "shop-pictures"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "shop" {
  bucket = aws_s3_bucket.shop.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_acl" "shop" {
  bucket = aws_s3_bucket.shop.id
  acl    = "public-read"
}

resource "aws_s3_bucket_policy" "shop" {
  bucket = "shop-pictures"
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": ["${aws_s3_bucket.shop.arn}", "${aws_s3_bucket.shop.arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}
      }
    }
  EOT
}
